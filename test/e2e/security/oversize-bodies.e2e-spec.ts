import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openClient } from '../../../plugins/available/mqtt/test/open-client.js'
import { openSocket } from '../../support/start-doors.js'
import { doors, startAttackedHost, type AttackedHost } from '../../support/start-attacked-host.js'

/** What is too long, too deep or too much to compute is refused, and nobody else waits for it. */
let host: AttackedHost
beforeAll(async () => { host = await startAttackedHost({ config: { server: { maxRequestSize: 200_000 } } }) })
afterAll(async () => {
  expect(await host.isAsItWas()).toBe(true)
  await host.close()
})

const TOO_MUCH = 200_001
const nested = (depth: number, [open, close]: readonly [string, string] = ['{"a":', '}']): string => `${open.repeat(depth)}1${close.repeat(depth)}`
const post = async (path: string, body: string | Uint8Array, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(host.url + path, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${host.boss}`, ...headers }, body })

describe('a body beyond the limit', () => {
  test('is refused over HTTP, before anybody looks who it is from', async () => {
    expect((await post('/_login/local', `{"username":"${'x'.repeat(TOO_MUCH)}"}`, { authorization: '' })).status).toBe(413)
    expect((await post('/_query', `{"controller":"server","action":"now","x":"${'x'.repeat(TOO_MUCH)}"}`)).status).toBe(413)
  })

  test('is refused though it is small as long as it is packed', async () => {
    const bomb = gzipSync(`{"username":"${'x'.repeat(50_000_000)}"}`)
    expect(bomb.length).toBeLessThan(TOO_MUCH)
    expect((await post('/_login/local', bomb, { 'content-encoding': 'gzip' })).status).toBe(413)
    expect((await post('/_login/local', gzipSync(bomb), { 'content-encoding': 'gzip, gzip' })).status).toBe(413)
  })

  test('ends the socket it came over, and no other', async () => {
    const [guilty, bystander] = [await openSocket(host.port), await openSocket(host.port)]
    const closed = guilty.closed()
    guilty.send(`{"controller":"auth","action":"login","strategy":"local","body":{"username":"${'x'.repeat(TOO_MUCH)}"}}`)
    expect(await closed).toBe(1009)
    expect(await bystander.ask({ controller: 'auth', action: 'checkToken', body: {}, requestId: 'b' })).toMatchObject({ requestId: 'b' })
    bystander.socket.close()
  })

  test('ends the connection of the device it came from, and no other', async () => {
    const [guilty, bystander] = [await openClient(host.mqttPort), await openClient(host.mqttPort)]
    guilty.client.publish('Kuzzle/request', `{"controller":"server","action":"now","x":"${'x'.repeat(TOO_MUCH)}"}`)
    await guilty.closed
    expect(await bystander.ask({ controller: 'auth', action: 'checkToken', body: {}, requestId: 'b' })).toMatchObject({ requestId: 'b' })
    await bystander.client.endAsync(true)
  })
})

describe('a body nested ever so deep', () => {
  test('stops nothing, whichever action it is for', async () => {
    for (const path of ['/_login/local', '/roles/deep/_create', '/profiles/deep/_create', '/users/_create', '/_checkRights', '/_checkToken', '/users/_search', '/admin/_loadSecurities', '/shop/orders/_create', '/shop/orders/_search', '/_query']) {
      for (const text of [nested(30_000), nested(60_000, ['[', ']']), nested(15_000, ['{"bool":', '}'])]) {
        expect((await post(path, text)).status).toBeGreaterThanOrEqual(200)
      }
    }
    expect((await host.send('HTTP', { controller: 'server', action: 'now' }, host.boss)).status).toBe(200)
  })

  test.each(doors)('is answered over %s', async (door) => {
    for (const text of [nested(30_000), nested(60_000, ['[', ']'])]) {
      for (const target of ['"controller":"auth","action":"updateSelf"', '"controller":"document","action":"create","index":"shop","collection":"orders"', '"controller":"document","action":"search","index":"shop","collection":"orders"']) {
        const { status } = await host.send(door, `{${target},"body":${text.startsWith('[') ? `{"a":${text}}` : text}}`, host.ann)
        expect(status).toBeGreaterThanOrEqual(200)
      }
      expect((await host.send(door, `{"controller":"auth","action":"getCurrentUser","volatile":${text.startsWith('[') ? `{"a":${text}}` : text}}`, host.ann)).status).toBeGreaterThanOrEqual(200)
    }
    expect((await host.send(door, { controller: 'auth', action: 'getCurrentUser' }, host.ann)).result._id).toBe('ann')
  })

  test('is no filter to search or subscribe by', async () => {
    const filter = `${'{"not":'.repeat(5_000)}{"exists":"a"}${'}'.repeat(5_000)}`
    const query = `${'{"bool":{"must_not":['.repeat(3_000)}{"exists":{"field":"a"}}${']}}'.repeat(3_000)}`
    expect((await host.send('HTTP', `{"controller":"document","action":"search","index":"shop","collection":"orders","body":{"query":${query}}}`, host.ann)).status).toBeGreaterThanOrEqual(200)
    expect((await host.send('WebSocket', `{"controller":"realtime","action":"subscribe","index":"shop","collection":"orders","body":${filter}}`, host.ann)).status).toBeGreaterThanOrEqual(200)
    expect((await host.send('WebSocket', { controller: 'auth', action: 'getCurrentUser' }, host.ann)).result._id).toBe('ann')
  })
})

describe('much in few bytes', () => {
  test('a pattern that others would try in ever more ways is matched in one pass', async () => {
    await host.call({ controller: 'document', action: 'createOrReplace', index: 'shop', collection: 'orders', _id: 'long', body: { name: `${'a'.repeat(5_000)}!` } }, host.boss)
    for (const pattern of ['(a+)+$', '(a|a)*b', '(a|aa)+$', '(.*)*x', '([a-z]+)*$']) {
      const began = performance.now()
      const { status } = await host.send('HTTP', { controller: 'document', action: 'search', index: 'shop', collection: 'orders', body: { query: { regexp: { name: pattern } } } }, host.ann)
      expect([200, 400]).toContain(status)
      // Tried in every way it would not end in this life.
      expect(performance.now() - began).toBeLessThan(60_000)
    }
    await host.call({ controller: 'document', action: 'delete', index: 'shop', collection: 'orders', _id: 'long' }, host.boss)
  })

  test('a password beyond any use is refused, and not hashed', async () => {
    const answer = await host.send('HTTP', { controller: 'security', action: 'createUser', body: { content: { profileIds: ['default'] }, credentials: { local: { username: 'long', password: 'x'.repeat(100_000) } } } }, host.boss)
    expect(answer.error).toMatchObject({ id: 'plugin.auth-local.invalid_field', status: 400 })
    expect((await host.asBoss('searchUsersByCredentials', { strategy: 'local', body: { query: { term: { username: 'long' } } } })).total).toBe(0)
  })

  test('lifetimes and pages beyond counting are refused', async () => {
    for (const expiresIn of ['9'.repeat(400), '1'.repeat(99), 'x'.repeat(10_000)]) {
      expect((await host.send('HTTP', { controller: 'auth', action: 'createToken', expiresIn }, host.boss)).status).toBe(400)
    }
    for (const size of [1e9, Number.MAX_SAFE_INTEGER, 10_001]) {
      expect((await host.send('HTTP', { controller: 'document', action: 'search', index: 'shop', collection: 'orders', size, body: {} }, host.ann)).status).toBe(413)
    }
  })

  test('lists beyond what one request may ask for are refused', async () => {
    const ids = Array.from({ length: 10_001 }, (_, number) => String(number))
    for (const door of doors) expect((await host.send(door, { controller: 'document', action: 'mGet', index: 'shop', collection: 'orders', body: { ids } }, host.ann)).status).toBe(413)
  })
})
