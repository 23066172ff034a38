import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { doors, startAttackedHost, type AttackedHost } from '../../support/start-attacked-host.js'

/** What names an action is what is checked and what is run, wherever in a request somebody names another. */
let host: AttackedHost
beforeAll(async () => { host = await startAttackedHost() })
afterAll(async () => {
  expect(await host.isAsItWas()).toBe(true)
  await host.close()
})

const ask = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): ReturnType<AttackedHost['ask']> =>
  host.ask(method, path, { body, headers: { authorization: `Bearer ${host.ann}`, ...headers } })

test('what is allowed is allowed', async () => {
  expect((await ask('GET', '/shop/orders/one')).status).toBe(200)
})

describe('over HTTP', () => {
  test.each([
    '/shop/orders/one?controller=security&action=getUser&_id=boss',
    '/shop/orders/one?controller=document&action=delete',
    '/shop/orders/one?action=update&controller=document',
    '/shop/orders/one?controller=admin&action=resetSecurity',
    '/shop/orders/one?controller=security',
    '/shop/orders/one?action=deleteByQuery',
    '/shop/orders/one?CONTROLLER=security&Action=getUser',
    '/shop/orders/one?controller[]=security&action[]=getUser',
    '/shop/orders/one?controller=document&controller=security&action=getUser',
    '/shop/orders/one?input.controller=security&input[action]=getUser',
    '/shop/orders/one?index=vault',
    '/shop/orders/one?collection=secrets',
    '/shop/orders/one?index=vault&index=shop',
    '/vault/orders/one',
    '/vault/orders/one?index=shop',
    '/vault/orders/one?collection=orders&index=shop&index=shop',
    '/shop/other/one',
    '/shop%2Forders/orders/one',
    '/users/boss',
    '/users/_me/../boss',
    '/users/_me/%2e%2e/boss',
    '//users//boss',
    '/users/boss?controller=auth&action=getCurrentUser',
    '/roles/admin',
    '/_getConfig',
  ])('a URL opens nothing that is closed: GET %s', async (path) => {
    const { text } = await ask('GET', path)
    expect(text).not.toContain('"secret":true')
    expect(text).not.toContain('"profileIds":["admin"]')
    expect(text).not.toContain('"controllers"')
  })

  test.each([
    ['GET', '/shop/orders/one?controller=document&action=delete', ['document', 'delete', 'ann']],
    ['GET', '/users/_me?controller=security&action=getUser&_id=boss', ['security', 'getUser', 'ann']],
    ['POST', '/shop/orders/_create?controller=index&action=delete', ['index', 'delete', 'ann']],
    ['PUT', '/_me?controller=security&action=updateUser&_id=ann', ['security', 'updateUser', 'ann']],
  ])('%s %s is checked as the action that it would run', async (method, path, props) => {
    const { status, body } = await ask(method, path, method === 'GET' ? undefined : { profileIds: ['admin'] })
    expect([status, body.error.id, body.error.props]).toEqual([403, 'security.rights.forbidden', props])
  })

  test('headers name no action', async () => {
    for (const name of ['x-http-method-override', 'x-method-override', 'x-http-method', 'controller', 'x-controller', 'x-kuzzle-controller', 'x-original-url', 'x-rewrite-url']) {
      const value = name.includes('url') ? '/users/boss' : name.includes('method') ? 'DELETE' : 'security'
      expect((await ask('GET', '/shop/orders/one', undefined, { [name]: value })).body).toMatchObject({ status: 200, action: 'get', controller: 'document' })
    }
  })

  test('a body names no action but that of a query', async () => {
    const { body } = await ask('POST', '/shop/orders/_create', { controller: 'security', action: 'getUser', _id: 'boss', index: 'vault', collection: 'orders' })
    expect(body).toMatchObject({ status: 200, controller: 'document', action: 'create', index: 'shop' })
    for (const query of ['?controller=auth&action=getCurrentUser', '?index=shop']) {
      const answer = await ask('POST', `/_query${query}`, { controller: 'security', action: 'getUser', _id: 'boss', index: 'vault' })
      expect(JSON.stringify(answer.body)).not.toContain('"profileIds":["admin"]')
    }
  })

  test('a form names no action either', async () => {
    const response = await fetch(`${host.url}/shop/orders/_create`, {
      method: 'POST', headers: { authorization: `Bearer ${host.ann}`, 'content-type': 'application/x-www-form-urlencoded' }, body: 'controller=security&action=getUser&_id=boss&index=vault',
    })
    expect(await response.json()).toMatchObject({ controller: 'document', action: 'create', index: 'shop' })
  })
})

describe.each(doors)('over %s', (door) => {
  const one = { index: 'shop', collection: 'orders', _id: 'one' }

  test('of two names in one frame the one that counts is the one that is checked', async () => {
    const frames = [
      '{"controller":"document","action":"get","index":"shop","collection":"orders","_id":"boss","controller":"security","action":"getUser"}',
      '{"action":"getUser","controller":"auth","controller":"security","_id":"boss"}',
      '{"controller":"document","action":"get","index":"shop","collection":"orders","_id":"one","index":"vault"}',
    ]
    for (const frame of frames) expect((await host.send(door, frame, host.ann)).status).toBe(403)
    const last = await host.send(door, '{"controller":"security","action":"getUser","controller":"document","action":"get","index":"shop","collection":"orders","_id":"one"}', host.ann)
    expect(last).toMatchObject({ status: 200, controller: 'document', result: { _id: 'one' } })
  })

  test('names in the body or among the arguments are data', async () => {
    for (const hidden of [{ body: { controller: 'document', action: 'get', ...one } }, { input: { controller: 'document', action: 'get' } }, { args: { controller: 'document' } }, { ...one, originalController: 'document' }]) {
      expect((await host.send(door, { controller: 'security', action: 'getUser', _id: 'boss', ...hidden }, host.ann)).status).toBe(403)
    }
  })

  test('names that are no texts are refused', async () => {
    for (const controller of [['document'], { toString: 'document' }, 1, true]) {
      expect((await host.send(door, { controller, action: 'get', ...one, index: 'vault' }, host.ann)).status).toBe(400)
    }
  })

  test('names are exact: case, blanks, paths and wildcards do not help', async () => {
    for (const controller of ['Security', 'SECURITY', ' security', 'security ', 'security\0', 'security/', '/security', './security', '*', 'document,security', 'document:security', 'kuzzle/security', 'built-in/security']) {
      const { status, result } = await host.send(door, { controller, action: 'getUser', _id: 'boss' }, host.ann)
      expect([controller, status >= 400, result]).toEqual([controller, true, null])
    }
    for (const action of ['getuser', 'getUser ', 'getUser()', 'get', 'constructor', '*']) {
      expect((await host.send(door, { controller: 'security', action, _id: 'boss' }, host.ann)).status).toBe(403)
    }
  })
})
