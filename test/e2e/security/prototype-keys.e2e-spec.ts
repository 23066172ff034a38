import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { openSocket } from '../../support/start-doors.js'
import { doors, startAttackedHost, type AttackedHost } from '../../support/start-attacked-host.js'

/** `__proto__`, `constructor` and their like are names among others: they change no object but the one they are written in. */
let host: AttackedHost
beforeAll(async () => { host = await startAttackedHost() })
afterAll(async () => {
  expect(await host.isAsItWas()).toBe(true)
  await host.close()
})

/** Keys that a polluted prototype would lend to every object. */
const LENT = ['polluted', 'profileIds', 'isAdmin', 'jwt', 'index', 'targets', 'controllers', 'restrictedTo', 'singleUse', '_kuzzle_info']
afterEach(() => {
  const lent = LENT.filter((key) => key in {} || key in (() => undefined) || key in [] || key in Object(''))
  expect(lent).toEqual([])
})

const POLLUTION = '{"polluted":true,"profileIds":["admin"],"isAdmin":true,"index":"shop","controllers":{"*":{"actions":{"*":true}}},"restrictedTo":[]}'
const BODIES = [
  `{"__proto__":${POLLUTION}}`,
  `{"constructor":{"prototype":${POLLUTION}}}`,
  `{"constructor":{"__proto__":${POLLUTION}}}`,
  `{"a":{"__proto__":${POLLUTION}},"b":[{"__proto__":${POLLUTION}}]}`,
  `{"__proto__.polluted":true,"__proto__[isAdmin]":true,"constructor.prototype.polluted":true,"a":{"constructor.prototype.isAdmin":true}}`,
  `{"\\u005f_proto__":${POLLUTION}}`,
  `{"__proto__":null,"toString":"x","valueOf":1,"hasOwnProperty":"x","then":"x","toJSON":"x"}`,
]

describe.each(doors)('over %s', (door) => {
  const send = (request: string, jwt: string): ReturnType<AttackedHost['send']> => host.send(door, request, jwt)

  test.each(BODIES)('a user who writes their own content gets no right by it: %s', async (body) => {
    const answer = await send(`{"controller":"auth","action":"updateSelf","body":${body}}`, host.ann)
    expect(answer.status).toBeLessThan(500)
    expect((await send('{"controller":"security","action":"getUser","_id":"boss"}', host.ann)).status).toBe(403)
    expect((await host.call({ controller: 'auth', action: 'getCurrentUser' }, host.ann))._source.profileIds).toEqual(['clerk'])
  })

  test.each(BODIES)('documents keep it or are refused, and what is read back has no other prototype: %s', async (body) => {
    const { status, result } = await send(`{"controller":"document","action":"create","index":"shop","collection":"orders","body":${body}}`, host.ann)
    expect(status).toBeLessThan(500)
    if (status !== 200) return
    const { _source } = await host.call({ controller: 'document', action: 'get', index: 'shop', collection: 'orders', _id: result._id }, host.boss)
    for (const key of ['isAdmin', 'polluted']) expect((_source as Record<string, unknown>)[key]).toBeUndefined()
    for (const action of ['update', 'replace', 'createOrReplace', 'upsert']) {
      const wrapped = action === 'upsert' ? `{"changes":${body},"default":${body}}` : body
      const changed = await send(`{"controller":"document","action":"${action}","index":"shop","collection":"orders","_id":"${result._id}","body":${wrapped}}`, host.boss)
      expect([action, changed.status < 500]).toEqual([action, true])
    }
  })

  test('frames, arguments and targets that bring a prototype are checked by what they say themselves', async () => {
    for (const frame of [
      '{"controller":"document","action":"get","index":"vault","collection":"orders","_id":"one","__proto__":{"index":"shop"}}',
      '{"controller":"document","action":"get","collection":"orders","_id":"one","index":"vault","constructor":{"prototype":{"index":"shop"}}}',
      '{"__proto__":{"controller":"document","action":"get","index":"shop"},"controller":"security","action":"getUser","_id":"boss"}',
      '{"controller":"document","action":"search","targets":[{"index":"vault","collections":["orders"],"__proto__":{"index":"shop"}}],"body":{}}',
      '{"controller":"document","action":"search","targets":[{"__proto__":{"index":"vault","collections":["orders"]}}],"body":{}}',
      '{"controller":"document","action":"search","targets":{"__proto__":[{"index":"vault","collections":["orders"]}],"length":1},"body":{}}',
    ]) {
      const { status, result } = await send(frame, host.ann)
      expect([frame, status >= 400, result]).toEqual([frame, true, null])
    }
  })

  test('controllers, actions, indexes and ids that are named so are just not there', async () => {
    for (const name of ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__', 'then']) {
      expect((await send(JSON.stringify({ controller: name, action: name }), host.ann)).status).toBe(403)
      expect((await send(JSON.stringify({ controller: 'document', action: name }), host.ann)).status).toBe(403)
      expect((await send(JSON.stringify({ controller: name, action: 'get' }), host.boss)).status).toBe(404)
      expect((await send(JSON.stringify({ controller: 'document', action: name }), host.boss)).status).toBe(404)
      expect((await send(JSON.stringify({ controller: 'document', action: 'get', index: name, collection: name, _id: 'one' }), host.ann)).status).toBe(403)
      expect((await send(JSON.stringify({ controller: 'document', action: 'get', index: 'shop', collection: 'orders', _id: name }), host.ann)).status).toBe(404)
      for (const action of ['getUser', 'getProfile', 'getRole']) expect((await send(JSON.stringify({ controller: 'security', action, _id: name }), host.boss)).status).toBe(404)
      expect((await send(JSON.stringify({ controller: 'auth', action: 'login', strategy: name, body: {} }), host.boss)).status).toBeLessThan(500)
    }
  })

  test('filters compare own fields: what every object inherits matches nothing', async () => {
    const plain = { index: 'shop', collection: `plain-${door.toLowerCase()}` }
    await host.call({ controller: 'collection', action: 'create', ...plain }, host.boss)
    await host.call({ controller: 'document', action: 'create', ...plain, _id: 'one', body: { name: 'plain' } }, host.boss)
    for (const field of ['__proto__', 'constructor', 'toString', '__proto__.isAdmin', 'constructor.name', 'constructor.prototype', 'name.constructor', 'name.__proto__', 'name.length']) {
      for (const query of [{ exists: { field } }, { term: { [field]: 'Object' } }, { terms: { [field]: ['Object', 'String'] } }, { range: { [field]: { gte: 0 } } }, { match: { [field]: 'Object' } }]) {
        // Put together by hand, since JSON.stringify leaves out what a literal `__proto__` sets.
        const text = JSON.stringify(query).replace('{}', `{"${field}":"Object"}`)
        const { status, result } = await send(`{"controller":"document","action":"search","index":"shop","collection":"${plain.collection}","body":{"query":${text}}}`, host.boss)
        expect(status).toBeLessThan(500)
        if (status === 200) expect([text, result.total]).toEqual([text, 0])
      }
    }
  })

  test('roles and profiles take no right from a prototype', async () => {
    for (const [action, body] of [
      ['createRole', `{"controllers":{"auth":{"actions":{"login":true}}},"__proto__":{"controllers":{"*":{"actions":{"*":true}}}}}`],
      ['createRole', '{"controllers":{"__proto__":{"actions":{"*":true}}}}'],
      ['createRole', '{"controllers":{"auth":{"actions":{"__proto__":true}}}}'],
      ['createRole', '{"controllers":{"document":{"__proto__":{"actions":{"*":true}}}}}'],
      ['createProfile', '{"policies":[{"__proto__":{"roleId":"admin"}}]}'],
      ['createProfile', '{"policies":[{"roleId":"reader","__proto__":{"restrictedTo":null}}],"__proto__":{"rateLimit":0}}'],
    ] as const) {
      const _id = `odd-${Math.random()}`
      const made = await send(`{"controller":"security","action":"${action}","_id":"${_id}","body":${body}}`, host.boss)
      expect(made.status).toBeLessThan(500)
      if (made.status !== 200) continue
      expect(JSON.stringify(made.result)).not.toContain('"*"')
      expect(JSON.stringify(made.result)).not.toContain('admin')
    }
  })
})

test('subscriptions compare own fields as well', async () => {
  const listener = await openSocket(host.port)
  for (const field of ['__proto__', 'constructor', 'toString', 'constructor.name']) {
    const { status } = await listener.ask(`{"controller":"realtime","action":"subscribe","index":"shop","collection":"orders","jwt":"${host.ann}","body":{"exists":"${field}"}}`)
    expect([200, 400]).toContain(status)
  }
  await host.call({ controller: 'document', action: 'create', index: 'shop', collection: 'orders', body: { n: 1 } }, host.ann)
  expect(await listener.ask({ controller: 'server', action: 'now', jwt: host.boss, requestId: 'last' })).toMatchObject({ requestId: 'last' })
  listener.socket.close()
})

test('query strings and forms set no prototype', async () => {
  const headers = { authorization: `Bearer ${host.ann}` }
  for (const query of ['__proto__[isAdmin]=true', '__proto__.isAdmin=true', 'constructor[prototype][isAdmin]=true', '__proto__=1', 'constructor=1', 'toString=1', 'hasOwnProperty=1']) {
    expect((await host.ask('GET', `/shop/orders/one?${query}`, { headers })).status).toBe(200)
    expect((await host.ask('GET', `/vault/orders/one?${query}`, { headers })).status).toBe(403)
    const form = await fetch(`${host.url}/shop/orders/_create`, { method: 'POST', headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' }, body: query })
    expect(form.status).toBeLessThan(500)
  }
})
