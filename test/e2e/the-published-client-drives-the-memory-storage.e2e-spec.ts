import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Http, Kuzzle, WebSocket } from 'kuzzle-sdk'
import { startHost, type StartedHost } from '../support/start-host.js'

/** A method of the client, its arguments, and what it resolves to: a value, or whether one is as it should be. */
type Call = [method: string, given: unknown[], resolved: unknown]

const any = expect.anything()

/** Every method of the client's controller at least once, in an order in which each finds what it needs. */
const CALLS: Call[] = [
  ['flushdb', [], undefined], ['set', ['k', 'v'], undefined], ['set', ['t', 'v', { ex: 100, nx: true }], undefined], ['get', ['k'], 'v'], ['append', ['k', 'w'], 2], ['strlen', ['k'], 2], ['getrange', ['k', 0, 0], 'v'], ['getset', ['k', 'foobar'], 'vw'],
  ['bitcount', ['k'], 26], ['bitcount', ['k', { start: 1, end: 1 }], 6], ['bitop', ['b', 'AND', ['k', 't']], 6], ['bitpos', ['k', 1], 1], ['getbit', ['k', 1], 1], ['setnx', ['k', 'x'], false], ['setex', ['x', 'v', 90], undefined], ['psetex', ['x', 'v', 90000], undefined],
  ['ttl', ['x'], expect.any(Number)], ['pttl', ['nothing'], -2], ['persist', ['x'], true], ['expire', ['x', 100], true], ['pexpire', ['x', 100000], true], ['expireat', ['x', 32503680000], true], ['pexpireat', ['x', 32503680000000], true], ['type', ['x'], 'string'],
  ['incr', ['n'], 1], ['incrby', ['n', 4], 5], ['incrbyfloat', ['n', 0.5], 5.5], ['set', ['n', 3], undefined], ['decr', ['n'], 2], ['decrby', ['n', 2], 0], ['mset', [[{ key: 'm1', value: 'a' }, { key: 'm2', value: 'b' }]], undefined], ['mget', [['m1', 'none']], ['a', null]],
  ['msetnx', [[{ key: 'm1', value: 'a' }]], false], ['exists', [['m1', 'none']], 1], ['touch', [['m1', 'm2']], 2], ['keys', ['m?'], ['m1', 'm2']], ['scan', [0, { match: 'm1' }], { cursor: '0', values: ['m1'] }], ['dbsize', [], 7], ['randomkey', [], any],
  ['rename', ['m1', 'm3'], undefined], ['renamenx', ['m3', 'm2'], false], ['del', [['m2', 'm3']], 2], ['object', ['k', 'encoding'], any], ['ping', [], 'PONG'], ['time', [], [expect.any(Number), expect.any(Number)]],
  ['rpush', ['l', ['b', 'c']], 2], ['lpush', ['l', ['a']], 3], ['lpushx', ['l', 'z'], 4], ['rpushx', ['none', 'z'], 0], ['lrange', ['l', 0, -1], ['z', 'a', 'b', 'c']], ['llen', ['l'], 4], ['lindex', ['l', 1], 'a'], ['linsert', ['l', 'before', 'a', 'y'], 5], ['lset', ['l', 0, 'x'], undefined],
  ['lrem', ['l', 1, 'y'], 1], ['ltrim', ['l', 0, 2], undefined], ['lpop', ['l'], 'x'], ['rpop', ['l'], 'b'], ['rpoplpush', ['l', 'l2'], 'a'], ['rpush', ['numbers', [3, 1, 2]], 3], ['sort', ['numbers', { direction: 'DESC', limit: [0, 2] }], ['3', '2']], ['sort', ['l2', { alpha: true, get: ['#'] }], ['a']],
  ['hset', ['h', 'f', 'v'], true], ['hsetnx', ['h', 'f', 'w'], false], ['hmset', ['h', [{ field: 'g', value: '1' }]], undefined], ['hget', ['h', 'f'], 'v'], ['hmget', ['h', ['f', 'none']], ['v', null]], ['hgetall', ['h'], { f: 'v', g: '1' }], ['hkeys', ['h'], ['f', 'g']], ['hvals', ['h'], ['v', '1']],
  ['hlen', ['h'], 2], ['hexists', ['h', 'f'], true], ['hstrlen', ['h', 'f'], 1], ['hincrby', ['h', 'g', 2], 3], ['hincrbyfloat', ['h', 'g', 0.5], 3.5], ['hscan', ['h', 0, { match: 'f', count: 10 }], { cursor: '0', values: ['f', 'v'] }], ['hdel', ['h', ['f']], 1],
  ['sadd', ['s', ['a', 'b']], 2], ['sadd', ['s2', ['b', 'c']], 2], ['scard', ['s'], 2], ['smembers', ['s'], ['a', 'b']], ['sismember', ['s', 'a'], true], ['sdiff', ['s', ['s2']], ['a']], ['sdiffstore', ['s', ['s2'], 'd'], 1], ['sinter', [['s', 's2']], ['b']], ['sinterstore', ['i', ['s', 's2']], 1],
  ['sunion', [['s', 's2']], ['a', 'b', 'c']], ['sunionstore', ['u', ['s', 's2']], 3], ['smove', ['s', 's2', 'a'], true], ['srandmember', ['s'], ['b']], ['srandmember', ['s', { count: 3 }], ['b']], ['sscan', ['s', 0], { cursor: '0', values: ['b'] }], ['spop', ['s'], ['b']], ['spop', ['d', { count: 2 }], ['a']], ['srem', ['s2', ['a']], 1],
  ['zadd', ['z', [{ score: 1, member: 'a' }, { score: 2, member: 'b' }]], 2], ['zadd', ['z', [{ score: 3, member: 'b' }], { xx: true, ch: true }], 1], ['zcard', ['z'], 2], ['zcount', ['z', 1, 2], 1], ['zincrby', ['z', 'a', 1], '2'], ['zscore', ['z', 'a'], 2], ['zrank', ['z', 'b'], 1], ['zrevrank', ['z', 'b'], 0],
  ['zrange', ['z', 0, -1], [{ member: 'a', score: 2 }, { member: 'b', score: 3 }]], ['zrevrange', ['z', 0, 0], [{ member: 'b', score: 3 }]], ['zrangebyscore', ['z', 0, 9, { limit: [1, 1] }], [{ member: 'b', score: 3 }]], ['zrevrangebyscore', ['z', 0, 9], [{ member: 'b', score: 3 }, { member: 'a', score: 2 }]],
  ['zunionstore', ['zu', ['z'], { weights: [2], aggregate: 'max' }], 2], ['zinterstore', ['zi', ['z', 'zu']], 2], ['zscan', ['z', 0, { match: 'a' }], { cursor: '0', values: ['a', '2'] }], ['zrem', ['zu', ['a']], 1], ['zremrangebyrank', ['zi', 0, 0], 1], ['zremrangebyscore', ['zi', 0, 100], 1],
  ['zadd', ['lex', [{ score: 0, member: 'a' }, { score: 0, member: 'b' }]], 2], ['zlexcount', ['lex', '-', '+'], 2], ['zrangebylex', ['lex', '[a', '(b', { limit: [0, 5] }], ['a']], ['zrevrangebylex', ['lex', '-', '+'], ['b', 'a']], ['zremrangebylex', ['lex', '-', '[a'], 1],
  ['geoadd', ['g', [{ lon: 13.361389, lat: 38.115556, name: 'Palermo' }, { lon: 15.087269, lat: 37.502669, name: 'Catania' }]], 2], ['geodist', ['g', 'Palermo', 'Catania', { unit: 'km' }], 166.2742], ['geohash', ['g', ['Palermo']], ['sqc8b49rny0']], ['geopos', ['g', ['Palermo']], [[expect.closeTo(13.361389, 4), expect.closeTo(38.115556, 4)]]],
  ['georadius', ['g', 15, 37, 200, 'km', { sort: 'asc', count: 1, withdist: true, withcoord: true }], [{ name: 'Catania', distance: 56.4413, coordinates: [any, any] }]], ['georadiusbymember', ['g', 'Palermo', 1, 'km'], [{ name: 'Palermo' }]],
  ['pfadd', ['p', ['a', 'b']], true], ['pfcount', [['p']], 2], ['pfmerge', ['q', ['p']], undefined], ['mexecute', [[{ action: 'set', args: { _id: 'tx', body: { value: 1 } } }, { action: 'incr', args: { _id: 'tx' } }]], [[null, 'OK'], [null, 2]]],
]

const transports = { http: Http, websocket: WebSocket }

describe.each(['http', 'websocket'] as const)('the memory storage of the published client over %s', (transport) => {
  let host: StartedHost
  let client: Kuzzle
  type Methods = Record<string, (...given: unknown[]) => Promise<unknown>>
  const methods = (): Methods => client.ms as unknown as Methods

  beforeAll(async () => {
    host = await startHost()
    client = new Kuzzle(new transports[transport]('127.0.0.1', { port: host.port }))
    await client.connect()
  })
  afterAll(async () => {
    client.disconnect()
    await host.close()
  })

  test('answers every method as the client expects it', async () => {
    const answers: unknown[] = []
    for (const [method, given] of CALLS) answers.push([method, given, await methods()[method]!(...given).catch((error: Error) => error.message)])
    expect(answers).toEqual(CALLS)
    const known = Object.getOwnPropertyNames(Object.getPrototypeOf(client.ms)).filter((name) => name !== 'constructor')
    expect(known.filter((name) => !CALLS.some(([method]) => method === name))).toEqual([])
  })

  test('tells what a command lacks, and what it cannot do', async () => {
    const ask = (action: string, given: object): Promise<unknown> => client.query({ controller: 'ms', action, ...given })
    await expect(ask('zadd', { _id: 'e', body: { elements: [{ score: 1 }] } })).rejects.toMatchObject({ id: 'api.assert.missing_argument', status: 400 })
    await expect(ask('set', { _id: 'e', body: {} })).rejects.toMatchObject({ id: 'api.assert.missing_argument' })
    await expect(ask('set', { _id: 'e', body: { value: { no: 'text' } } })).rejects.toMatchObject({ id: 'api.assert.invalid_type' })
    await expect(ask('sadd', { _id: 'e', body: { members: [] } })).rejects.toMatchObject({ id: 'api.assert.empty_argument' })
    await expect(ask('mexecute', { body: { actions: [{ action: 'mexecute' }] } })).rejects.toMatchObject({ id: 'api.process.action_not_found' })
    await client.ms.set('text', 'x')
    await expect(client.ms.incr('text')).rejects.toMatchObject({ id: 'services.cache.read_failed' })
  })

  test('is emptied when the caches are reset', async () => {
    await client.ms.set('k', 'v')
    await client.query({ controller: 'admin', action: 'resetCache', database: 'memoryStorage' })
    await expect(client.ms.get('k')).resolves.toBeNull()
  })
})
