import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { doors, startAttackedHost, type AttackedHost } from '../../support/start-attacked-host.js'
import { openSocket } from '../../support/start-doors.js'

/** Volatile data is passed on and means nothing: no right is had by it. */
let host: AttackedHost
beforeAll(async () => { host = await startAttackedHost() })
afterAll(async () => {
  expect(await host.isAsItWas()).toBe(true)
  await host.close()
})

const closed = { controller: 'security', action: 'getUser', _id: 'boss' }
const secret = { controller: 'document', action: 'get', index: 'vault', collection: 'orders', _id: 'one' }

/** Everything that a request has besides, put where a careless merge would find it. */
const claims = (): Record<string, unknown>[] => {
  const user = { _id: 'boss', profileIds: ['admin'] }
  return [
    { user, token: { userId: 'boss', jwt: host.boss }, jwt: host.boss },
    { context: { user, token: { userId: 'boss' } } },
    { controller: 'document', action: 'get', index: 'shop', collection: 'orders' },
    { input: { controller: 'document', action: 'get', jwt: host.boss }, args: { index: 'shop' } },
    { isAdmin: true, isActionAllowed: true, checkRights: false, rights: true, limits: false, events: false, internal: true, funnel: true },
    { headers: { authorization: `Bearer ${host.boss}` }, cookie: `authToken=${host.boss}`, 'x-kuzzle-volatile': { jwt: host.boss } },
    { status: 200, error: null, result: { _id: 'boss' } },
    { targets: [{ index: 'shop', collections: ['orders'] }] },
  ]
}

describe.each(doors)('over %s', (door) => {
  test('claims of any kind open nothing', async () => {
    for (const volatile of claims()) {
      expect(await host.send(door, { ...closed, volatile }, host.ann)).toMatchObject({ status: 403, result: null, error: { id: 'security.rights.forbidden' } })
      expect(await host.send(door, { ...secret, volatile }, host.ann)).toMatchObject({ status: 403, result: null })
      expect(await host.send(door, { ...closed, volatile })).toMatchObject({ status: 401, error: { id: 'security.rights.unauthorized' } })
    }
  })

  test('prototypes in it neither', async () => {
    for (const volatile of [
      `{"__proto__":{"jwt":"${host.boss}","index":"shop","user":{"_id":"boss"}}}`,
      '{"constructor":{"prototype":{"index":"shop","isAdmin":true}}}',
      '{"a":{"__proto__":{"isAdmin":true}}}',
    ]) {
      expect((await host.send(door, `{"controller":"document","action":"get","index":"vault","collection":"orders","_id":"one","volatile":${volatile}}`, host.ann)).status).toBe(403)
      expect((await host.send(door, `{"controller":"document","action":"get","index":"shop","collection":"orders","_id":"one","volatile":${volatile}}`, host.ann)).status).toBe(200)
    }
    expect(({} as { isAdmin?: unknown }).isAdmin).toBeUndefined()
  })

  test('what is no object is refused', async () => {
    for (const volatile of ['admin', 1, true, ['admin']]) {
      expect(await host.send(door, { ...closed, volatile }, host.ann)).toMatchObject({ status: 400, error: { status: 400, message: expect.stringContaining('volatile') } })
    }
  })

  test('it comes back as it was, and does not become the answer', async () => {
    const volatile = { status: 500, error: { message: 'made up' }, result: 'made up', requestId: 'other', node: 'other' }
    expect(await host.send(door, { ...secret, index: 'shop', volatile }, host.ann)).toMatchObject({ status: 200, error: null, requestId: 'attack', volatile, result: { _id: 'one' } })
  })

  test('metadata tells who wrote, not who was claimed', async () => {
    const _id = `by-${door}`
    const volatile = { user: { _id: 'boss' }, author: 'boss', _kuzzle_info: { author: 'boss' } }
    const { result } = await host.send(door, { controller: 'document', action: 'create', index: 'shop', collection: 'orders', _id, body: { a: 1 }, volatile }, host.ann)
    expect(result._source).toMatchObject({ a: 1, _kuzzle_info: { author: 'ann' } })
  })
})

test('nor does what comes in the header that carries it over HTTP', async () => {
  for (const volatile of claims()) {
    const headers = { authorization: `Bearer ${host.ann}`, 'x-kuzzle-volatile': JSON.stringify(volatile) }
    expect((await host.ask('GET', '/vault/orders/one', { headers })).status).toBe(403)
    expect((await host.ask('GET', '/users/boss', { headers })).status).toBe(403)
  }
})

test('those who subscribe are told of it as it is, under the name of who sent it', async () => {
  const listener = await openSocket(host.port)
  await listener.ask({ controller: 'realtime', action: 'subscribe', index: 'shop', collection: 'orders', body: {}, jwt: host.boss })
  await host.send('MQTT', { controller: 'document', action: 'create', index: 'shop', collection: 'orders', body: { n: 1 }, volatile: { kuid: 'boss', controller: 'security' } }, host.ann)
  const notification: unknown = await listener.receive()
  listener.socket.close()
  expect(notification).toMatchObject({ controller: 'document', action: 'create', volatile: { kuid: 'boss', controller: 'security' }, result: { _source: { _kuzzle_info: { author: 'ann' } } } })
})
