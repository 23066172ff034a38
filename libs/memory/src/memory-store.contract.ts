import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Command, MemoryStore, Reply } from './memory-store.js'

/** One command, and what it answers: a value, or a function that looks at it. */
type Step = [command: string, answer: Reply | ((reply: Reply) => void)]

/** Words of a command; those in quotes are one. */
const split = (command: string): Command => [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word) as unknown as Command

const unordered = (...expected: string[]) => (reply: Reply): void => expect([...reply as string[]].sort()).toEqual(expected.sort())
const near = (...expected: number[]) => (reply: Reply): void => {
  const flat = (reply as Reply[]).flat().map(Number)
  expected.forEach((value, at) => expect(flat[at]).toBeCloseTo(value, 4))
}
const atMost = (most: number) => (reply: Reply): void => {
  expect(reply).toBeLessThanOrEqual(most)
  expect(reply).toBeGreaterThan(0)
}
const oneOf = (...expected: Reply[]) => (reply: Reply): void => expect(expected).toContainEqual(reply)

const STEPS: Record<string, Step[]> = {
  'texts are written and read': [
    ['get k', null], ['set k "a b"', 'OK'], ['get k', 'a b'], ['strlen k', 3], ['append k !', 4], ['append new x', 1], ['getrange k 0 -1', 'a b!'], ['getrange k -2 9', 'b!'],
    ['getrange k 3 1', ''], ['getset k z', 'a b!'], ['getset none z', null], ['setnx k y', 0], ['setnx l y', 1], ['mget k l nothing', ['z', 'y', null]],
    ['mset a 1 b 2', 'OK'], ['msetnx b 3 c 3', 0], ['get c', null], ['msetnx c 3 d 4', 1], ['set é ü', 'OK'], ['strlen é', 2], ['type k', 'string'],
  ],
  'texts are set on conditions and for a time': [
    ['set k 1 XX', null], ['set k 1 NX', 'OK'], ['set k 2 NX', null], ['set k 2 XX EX 100', 'OK'], ['ttl k', atMost(100)], ['set k 3', 'OK'], ['ttl k', -1],
    ['set k 4 PX 5000', 'OK'], ['pttl k', atMost(5000)], ['setex k 10 v', 'OK'], ['ttl k', atMost(10)], ['psetex k 9000 v', 'OK'], ['pttl k', atMost(9000)],
    ['append k !', 2], ['ttl k', atMost(9)],
  ],
  'numbers are counted': [
    ['incr n', 1], ['incrby n 9', 10], ['decr n', 9], ['decrby n 4', 5], ['incrbyfloat n 0.5', '5.5'], ['incrbyfloat n -0.5', '5'], ['incr n', 6],
    ['set f 0.1', 'OK'], ['incrbyfloat f 0.2', '0.3'], ['hincrbyfloat h f 0.1', '0.1'], ['hincrbyfloat h f 0.2', '0.3'], ['incrbyfloat f -0.3', '0'], ['incrbyfloat f 1.5e1', '15'],
    ['set big 9007199254740993', 'OK'], ['incrby big 2', () => undefined], ['get big', '9007199254740995'], ['hset h big 9223372036854775806', 1], ['hincrby h big 1', () => undefined], ['hget h big', '9223372036854775807'],
  ],
  'places before the beginning are the beginning': [
    ['set k ab', 'OK'], ['getrange k 0 -9', 'a'], ['getrange k -1 -9', ''], ['bitcount k -9 -9', 3], ['bitpos k 0 9', -1], ['getrange k 0 9223372036854775807', 'ab'], ['rpush l a b', 2], ['lrange l 0 -9', []],
    ['lindex l 9223372036854775807', null], ['sort l ALPHA LIMIT -1 1', ['a']],
  ],
  'what is missing is nothing to complain of': [
    ['set k text', 'OK'], ['rpoplpush none k', null], ['smove none k a', 0], ['zadd z CH 1 a 1 a', 1], ['zadd z CH 2 a 3 a', 2], ['zrange z 0 -1 WITHSCORES', ['a', '3']], ['rpush l 1', 1], ['sort l GET k', [null]],
    ['zrangebyscore z "" 3', ['a']],
  ],
  'keys are found and forgotten': [
    ['mset user:1 a user:2 b other c', 'OK'], ['keys user:*', unordered('user:1', 'user:2')], ['keys user:[^1]', ['user:2']], ['keys user:?', unordered('user:1', 'user:2')], ['keys o\\ther', ['other']],
    ['scan 0 MATCH user:[1-1] COUNT 1000', ['0', ['user:1']]], ['dbsize', 3], ['exists user:1 user:1 nothing', 2], ['touch user:1 nothing', 1], ['del user:1 user:2 nothing', 2], ['randomkey', 'other'],
    ['rename other o', 'OK'], ['set p x', 'OK'], ['renamenx o p', 0], ['renamenx o q', 1], ['type q', 'string'], ['type nothing', 'none'], ['flushdb', 'OK'], ['randomkey', null], ['dbsize', 0], ['ping', 'PONG'],
  ],
  'keys go when their time has come': [
    ['set k v', 'OK'], ['ttl nothing', -2], ['pttl k', -1], ['expire k 100', 1], ['expire nothing 100', 0], ['ttl k', atMost(100)], ['persist k', 1], ['persist k', 0], ['ttl k', -1],
    ['pexpire k 50000', 1], ['pttl k', atMost(50000)], ['expireat k 32503680000', 1], ['pexpireat k 1', 1], ['get k', null], ['exists k', 0],
    ['set k v', 'OK'], ['expireat k 1', 1], ['type k', 'none'], ['rpush l a', 1], ['pexpire l 90000', 1], ['rename l m', 'OK'], ['pttl m', atMost(90000)],
  ],
  'keys tell how they are kept': [
    ['set n 12', 'OK'], ['object encoding n', 'int'], ['set t text', 'OK'], ['object ENCODING t', 'embstr'], ['object refcount t', oneOf(1)], ['object idletime t', (reply) => expect(reply).toEqual(expect.any(Number))], ['object encoding nothing', null],
    ['rpush l a', 1], ['object encoding l', oneOf('quicklist', 'listpack')], ['time', (reply) => expect((reply as string[]).map(Number).every(Number.isInteger)).toBe(true)],
  ],
  'lists grow and shrink at both ends': [
    ['rpush l b c', 2], ['lpush l a z', 4], ['lrange l 0 -1', ['z', 'a', 'b', 'c']], ['lpushx none x', 0], ['rpushx l d', 5], ['lpushx l y', 6], ['llen l', 6], ['lpop l', 'y'], ['rpop l', 'd'],
    ['lindex l 0', 'z'], ['lindex l -1', 'c'], ['lindex l 9', null], ['lset l 0 A', 'OK'], ['linsert l BEFORE a n', 5], ['linsert l after a m', 6], ['linsert l before nothing m', -1], ['linsert none before a m', 0],
    ['lrange l -3 1', []], ['lrange l -2 10', ['b', 'c']], ['ltrim l 1 3', 'OK'], ['lrange l 0 -1', ['n', 'a', 'm']], ['rpoplpush l other', 'm'], ['rpoplpush l l', 'a'], ['lrange l 0 -1', ['a', 'n']],
    ['rpush r x y x y x', 5], ['lrem r 1 x', 1], ['lrem r -1 x', 1], ['lrange r 0 -1', ['y', 'x', 'y']], ['lrem r 0 y', 2], ['lpop r', 'x'], ['exists r', 0], ['lpop r', null], ['rpoplpush r l', null], ['llen r', 0],
  ],
  'hashes keep fields': [
    ['hset h a 1', 1], ['hset h a 2', 0], ['hsetnx h a 3', 0], ['hsetnx h b 3', 1], ['hget h a', '2'], ['hget h none', null], ['hmset h c x d yy', 'OK'], ['hmget h a none d', ['2', null, 'yy']],
    ['hgetall h', { a: '2', b: '3', c: 'x', d: 'yy' }], ['hgetall none', {}], ['hkeys h', ['a', 'b', 'c', 'd']], ['hvals h', ['2', '3', 'x', 'yy']], ['hlen h', 4], ['hexists h a', 1], ['hexists h z', 0], ['hstrlen h d', 2],
    ['hincrby h a 5', 7], ['hincrbyfloat h a 0.25', '7.25'], ['hscan h 0 MATCH [ab]', ['0', ['a', '7.25', 'b', '3']]], ['hdel h a b z', 2], ['hdel h c d', 2], ['exists h', 0], ['hincrby h n -1', -1],
  ],
  'sets are combined': [
    ['sadd s a b c a', 3], ['sadd t b c d', 3], ['smembers s', unordered('a', 'b', 'c')], ['scard s', 3], ['sismember s a', 1], ['sismember s z', 0], ['sdiff s t', ['a']], ['sinter s t', unordered('b', 'c')], ['sinter s none', []],
    ['sunion s t none', unordered('a', 'b', 'c', 'd')], ['sdiffstore d s t', 1], ['sinterstore i s t', 2], ['sunionstore u s t', 4], ['sinterstore u s none', 0], ['exists u', 0], ['smove s t a', 1], ['smove s t a', 0],
    ['scard t', 4], ['sscan d 0', ['0', ['a']]], ['sscan t 0 MATCH [xd]', ['0', ['d']]], ['srem s b z', 1], ['spop d', 'a'], ['spop d', null], ['exists d', 0], ['srandmember s', 'c'], ['srandmember s 5', ['c']], ['srandmember s -3', ['c', 'c', 'c']],
    ['srandmember none', null], ['srandmember none 2', []], ['spop i 5', unordered('b', 'c')], ['srem s c', 1], ['type s', 'none'],
  ],
  'sorted sets rank their members': [
    ['zadd z 1 a 2 b 3 c', 3], ['zadd z 5 a 4 d', 1], ['zadd z CH 6 a 4 d', 1], ['zadd z NX 9 a 9 e', 1], ['zadd z XX 10 e 9 f', 0], ['zadd z INCR 1.5 b', '3.5'], ['zadd z NX INCR 1 b', null], ['zcard z', 5], ['zscore z e', '10'], ['zscore z f', null],
    ['zrange z 0 -1', ['c', 'b', 'd', 'a', 'e']], ['zrange z 0 1 WITHSCORES', ['c', '3', 'b', '3.5']], ['zrevrange z 0 1', ['e', 'a']], ['zrank z c', 0], ['zrevrank z c', 4], ['zrank z none', null], ['zrevrank none x', null],
    ['zrangebyscore z (3 6', ['b', 'd', 'a']], ['zrangebyscore z -inf +inf WITHSCORES LIMIT 1 2', ['b', '3.5', 'd', '4']], ['zrevrangebyscore z +inf (4', ['e', 'a']], ['zrevrangebyscore z 6 3 LIMIT 0 1', ['a']],
    ['zcount z 4 10', 3], ['zcount z (4 (10', 1], ['zincrby z 2.5 c', '5.5'], ['zscan z 0 MATCH [ce]', ['0', ['c', '5.5', 'e', '10']]], ['zrem z e none', 1], ['zremrangebyrank z 0 0', 1], ['zremrangebyscore z 4 (6', 2], ['zrange z 0 -1', ['a']],
    ['zrem z a', 1], ['exists z', 0], ['zadd i -inf low inf high', 2], ['zrange i 0 -1 WITHSCORES', ['low', '-inf', 'high', 'inf']],
  ],
  'sorted sets are read by their members\' order': [
    ['zadd l 0 a 0 b 0 c 0 d', 4], ['zrangebylex l - +', ['a', 'b', 'c', 'd']], ['zrangebylex l [b (d', ['b', 'c']], ['zrangebylex l - + LIMIT 1 2', ['b', 'c']], ['zrevrangebylex l (d [b', ['c', 'b']], ['zrevrangebylex l + - LIMIT 0 1', ['d']],
    ['zlexcount l [b +', 3], ['zlexcount l + -', 0], ['zremrangebylex l - (c', 2], ['zrange l 0 -1', ['c', 'd']],
  ],
  'sorted sets are combined': [
    ['zadd x 1 a 2 b', 2], ['zadd y 10 b 20 c', 2], ['sadd s b', 1], ['zunionstore u 2 x y', 3], ['zrange u 0 -1 WITHSCORES', ['a', '1', 'b', '12', 'c', '20']], ['zinterstore i 2 x y WEIGHTS 2 1 AGGREGATE MAX', 1],
    ['zrange i 0 -1 WITHSCORES', ['b', '10']], ['zinterstore i 2 x s AGGREGATE MIN', 1], ['zscore i b', '1'], ['zinterstore i 2 x none', 0], ['exists i', 0], ['zunionstore x 1 x WEIGHTS 3', 2], ['zscore x b', '6'],
  ],
  'places are found around others': [
    ['geoadd g 13.361389 38.115556 Palermo 15.087269 37.502669 Catania', 2], ['geoadd g 13.361389 38.115556 Palermo', 0], ['geodist g Palermo Catania', '166274.1516'], ['geodist g Palermo Catania km', '166.2742'], ['geodist g Palermo none', null],
    ['geohash g Palermo none', ['sqc8b49rny0', null]], ['geopos g Palermo', near(13.361389, 38.115556)], ['geopos g none', [null]], ['georadius g 15 37 100 km', ['Catania']], ['georadius g 15 37 200 km ASC', ['Catania', 'Palermo']],
    ['georadius g 15 37 200 km DESC WITHDIST', [['Palermo', '190.4424'], ['Catania', '56.4413']]], ['georadius g 15 37 200 km COUNT 1', ['Catania']], ['georadius g 15 37 200 km COUNT 1 WITHCOORD', (reply) => near(15.087269, 37.502669)((reply as Reply[][])[0]?.[1] ?? [])],
    ['georadiusbymember g Palermo 100 km', ['Palermo']], ['georadiusbymember none x 1 m', []], ['zcard g', 2],
  ],
  'bits are counted and combined': [
    ['set b foobar', 'OK'], ['bitcount b', 26], ['bitcount b 1 1', 6], ['bitcount b 5 30', 4], ['bitcount none', 0], ['getbit b 1', 1], ['getbit b 0', 0], ['getbit b 9999', 0], ['set c abcdef', 'OK'], ['bitop AND r b c', 6], ['get r', '`bc`ab'],
    ['bitop or r b none', 6], ['get r', 'foobar'], ['bitop XOR r b b', 6], ['bitcount r', 0], ['bitop not r r', 6], ['bitcount r', 48], ['bitpos r 0', 48], ['bitpos r 0 0 -1', -1], ['bitpos b 1', 1], ['bitpos b 1 2', 17], ['bitpos none 0', 0], ['bitpos none 1', -1],
    ['bitop and r none', 0], ['exists r', 0],
  ],
  'what is different is estimated': [
    ['pfadd p a b c', 1], ['pfadd p a b', 0], ['pfcount p', 3], ['pfadd q c d', 1], ['pfcount p q none', 4], ['pfmerge r p q', 'OK'], ['pfcount r', 4], ['pfadd empty', 1], ['pfadd empty', 0], ['pfcount empty', 0], ['type p', 'string'],
  ],
  'lists and sets are sorted': [
    ['rpush l 3 1 2', 3], ['sort l', ['1', '2', '3']], ['sort l DESC LIMIT 0 2', ['3', '2']], ['mset w_1 30 w_2 20 w_3 10 name_1 one name_3 three', 'OK'], ['sort l BY w_*', ['3', '2', '1']], ['sort l GET name_* GET #', ['one', '1', null, '2', 'three', '3']],
    ['hset h_1 f x', 1], ['sort l GET h_*->f', ['x', null, null]], ['sort l STORE sorted', 3], ['lrange sorted 0 -1', ['1', '2', '3']], ['sadd s b a c', 3], ['sort s ALPHA', ['a', 'b', 'c']], ['sort s DESC ALPHA', ['c', 'b', 'a']], ['zadd z 2 b 1 a', 2],
    ['sort z ALPHA DESC', ['b', 'a']], ['sort l BY nosort', ['3', '1', '2']], ['sort none', []], ['sort none STORE sorted', 0], ['exists sorted', 0],
  ],
}

const REFUSED: [before: string, command: string][] = [
  ['set k text', 'incr k'], ['set k text', 'incrbyfloat k x'], ['set k text', 'lpush k a'], ['rpush k a', 'get k'], ['sadd k a', 'zadd k 1 a'], ['hset k f v', 'smembers k'], ['hset k f v', 'hincrby k f 1'], ['zadd k 1 a', 'hget k f'],
  ['set k v', 'set k v NX XX'], ['set k v', 'set k v EX 0'], ['set k v', 'set k v AT 1'], ['set k v', 'expire k soon'], ['rpush k a', 'lset k 5 b'], ['set o v', 'lset k 0 b'], ['rpush k a', 'linsert k near a b'], ['set o v', 'rename k l'],
  ['set k v', 'getbit k -1'], ['set k v', 'bitpos k 2'], ['set k v', 'bitop NAND r k'], ['set k v', 'pfadd k a'], ['zadd k 1 a', 'zadd k x b'], ['zadd k 1 a', 'zadd k NX XX 1 a'], ['zadd k 1 a', 'zrangebyscore k x 2'], ['zadd k 1 a', 'zrangebylex k a b'],
  ['zadd k 1 a', 'zunionstore u 1 k AGGREGATE AVG'], ['zadd k 1 a', 'zrange k 0 -1 SCORES'], ['geoadd k 1 1 a', 'geoadd k 200 1 b'], ['geoadd k 1 1 a', 'geodist k a a miles'], ['geoadd k 1 1 a', 'georadiusbymember k none 1 m'], ['geoadd k 1 1 a', 'georadius k 1 1 1 m SOON'],
  ['rpush k a', 'sort k'], ['set k v', 'sort k'], ['rpush k 1', 'sort k UP'], ['sadd k a', 'spop k -1'], ['set k v', 'object colour k'], ['set k v', 'scan x'], ['set k v', 'nothing k'], ['set k v', 'mset a'], ['set n 9223372036854775807', 'incr n'],
  ['set n 1', 'incrby n +1'], ['set n 1', 'incrby n " 1"'], ['set n 01', 'incr n'], ['set n 1', 'incrby n ""'], ['set n 1', 'incrby n 9223372036854775808'], ['set n 1', 'incrbyfloat n inf'], ['hset k f 1', 'hincrbyfloat k f -inf'], ['set n 1', 'incrbyfloat n " 1"'],
  ['zadd k inf a', 'zincrby k -inf a'], ['set o v', 'zincrby k x a'], ['zadd k 1 a', 'zunionstore u 2 k'], ['zadd k 1 a', 'zinterstore u 0 k'], ['geoadd k 1 1 a', 'georadius k 1 1 -1 m'], ['geoadd k 1 1 a', 'georadiusbymember k a 1 m COUNT 0'], ['geoadd k 1 1 a', 'geodist k a none miles'],
  ['set k v', 'getbit k 4294967296'], ['set o v', 'ltrim k 1 1.5'], ['set k v', 'getrange k 0 +1'],
]

/** What every store of values does. @param open - makes one that is not started; all of its database is the test's */
export function describeMemoryStore(name: string, open: () => MemoryStore): void {
  describe(name, () => {
    let store: MemoryStore
    const run = (command: string): Promise<Reply> => store.run(split(command))
    beforeAll(async () => {
      store = open()
      await store.start()
    })
    beforeEach(() => run('flushdb'))
    afterAll(async () => {
      await run('flushdb')
      await store.close()
    })

    test.each(Object.entries(STEPS))('%s', async (_promise, steps) => {
      for (const [command, answer] of steps) {
        const reply = await run(command)
        if (typeof answer === 'function') answer(reply)
        else expect([command, reply]).toEqual([command, answer])
      }
    })

    test.each(REFUSED)('after "%s" refuses "%s" and changes nothing', async (before, command) => {
      await run(before)
      const keys = unordered(...await run('keys *') as string[])
      await expect(run(command)).rejects.toMatchObject({ id: 'services.cache.read_failed', status: 500 })
      keys(await run('keys *'))
    })

    test('runs commands together, whatever becomes of each', async () => {
      const outcomes = await store.runAll([['set', 'k', 'v'], ['incr', 'k'], ['append', 'k', '!'], ['hgetall', 'none']])
      expect(outcomes).toEqual([[null, 'OK'], [expect.stringMatching(/^ERR/), null], [null, 2], [null, {}]])
    })
  })
}
