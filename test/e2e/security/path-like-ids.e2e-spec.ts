import { existsSync, readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { PATHS } from '../../support/hostile-texts.js'
import { exchangeBytes } from '../../support/start-doors.js'
import { doors, startAttackedHost, type Answer, type AttackedHost, type Door } from '../../support/start-attacked-host.js'

/** An id is a name and never a path: it leads to no file, to no other document and to no other action. */
let host: AttackedHost
let files: string[]
beforeAll(async () => {
  host = await startAttackedHost()
  files = listing()
})
afterAll(async () => {
  expect(await host.isAsItWas()).toBe(true)
  expect(listing()).toEqual(files)
  await host.close()
})

/** Everything that lies in the host's folder, but for what the store writes beside itself. */
const listing = (): string[] => readdirSync(host.root, { recursive: true }).map(String).filter((name) => !name.includes('mortise.sqlite')).sort()
const inShop = { index: 'shop', collection: 'orders' }
const asBoss = (door: Door, controller: string, action: string, data: object): Promise<Answer> => host.send(door, { controller, action, ...data }, host.boss)

describe.each(doors)('over %s', (door) => {
  test.each(PATHS.filter((name) => name !== '_search'))('a user, a profile, a role and a document may be called %j, and are just called so', async (name) => {
    for (const [controller, create, remove, data] of [
      ['security', 'createRole', 'deleteRole', { body: { controllers: { document: { actions: { get: true } } } } }],
      ['security', 'createProfile', 'deleteProfile', { body: { policies: [{ roleId: 'default' }] } }],
      ['security', 'createUser', 'deleteUser', { body: { content: { profileIds: ['default'] }, credentials: {} } }],
      ['document', 'create', 'delete', { ...inShop, body: { name } }],
    ] as const) {
      const made = await asBoss(door, controller, create, { _id: name, ...data })
      expect([create, made.error, made.result?._id]).toEqual([create, null, name])
      expect((await asBoss(door, controller, remove, { _id: name, ...inShop })).result).toMatchObject({ _id: name })
    }
  })

  test('nothing may be called "_search", which the protocol keeps for itself', async () => {
    const refused = await asBoss(door, 'document', 'create', { ...inShop, _id: '_search', body: {} })
    expect([refused.status, refused.error?.id]).toEqual([400, 'services.storage.search_as_an_id'])
  })

  test('an id that names somebody else by a detour names nobody', async () => {
    for (const _id of ['./boss', 'boss/', '/boss', 'boss/.', 'x/../boss', 'boss%00', 'boss%2f', 'BOSS', ' boss', 'boss ', 'boss#', 'boss?x', 'ｂｏｓｓ']) {
      expect([_id, (await asBoss(door, 'security', 'getUser', { _id })).status]).toEqual([_id, 404])
    }
  })

  test('an id with characters that nobody sees is refused, so that none passes for another', async () => {
    for (const _id of ['boss\0', '\0', 'bo\nss', 'boss\r', '\u001bboss', 'boss\u0085']) {
      for (const [action, body] of Object.entries({
        createUser: { content: { profileIds: ['default'] }, credentials: {} }, createRole: { controllers: { document: { actions: { get: true } } } }, createProfile: { policies: [{ roleId: 'default' }] },
      })) expect((await asBoss(door, 'security', action, { _id, body })).error).toMatchObject({ id: 'api.assert.invalid_id', status: 400 })
      const answer = await asBoss(door, 'security', 'createUser', { body: { content: { profileIds: ['default'] }, credentials: { local: { username: _id, password: 'x' } } } })
      expect(answer.error).toMatchObject({ id: 'plugin.auth-local.invalid_field', status: 400 })
    }
  })

  test('indexes and collections that look like paths make no files', async () => {
    for (const name of PATHS) {
      expect((await asBoss(door, 'index', 'create', { index: name })).status).toBeLessThan(500)
      expect((await asBoss(door, 'collection', 'create', { index: 'shop', collection: name })).status).toBeLessThan(500)
      await asBoss(door, 'index', 'delete', { index: name })
      await asBoss(door, 'collection', 'delete', { index: 'shop', collection: name })
    }
    expect(existsSync(`${host.root}/../passwd`)).toBe(false)
  })
})

describe('in a URL', () => {
  test.each(PATHS.filter((path) => !/^\.+$/.test(path) && !path.startsWith('_')))('encoded, %j is an id', async (name) => {
    const { status, text } = await host.ask('GET', `/users/${encodeURIComponent(name)}`, { headers: { authorization: `Bearer ${host.boss}` } })
    expect([name, status]).toEqual([name, 404])
    expect(text).not.toMatch(/root:|"profileIds"/)
  })

  test.each([
    '/users/../users/boss', '/users/%2e%2e/users/boss', '/shop/orders/../../users/boss', '/users/boss%2f..%2fann', '/users//boss', '/./users/boss', '/shop/orders/..%2f..%2fvault%2forders%2fone',
    '/shop/..%2fvault/orders/one', '/shop/orders%2f..%2f..%2fvault%2forders/one', '/shop/orders/one%00', '/shop/orders/one;x=/vault', '/shop/orders/one%23/../../vault', '\\users\\boss', '/users\\boss',
    '/../../../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/docs/../../package.json', '/docs/%2e%2e%2fpackage.json', '/_openapi/../_getConfig', 'http://127.0.0.1/users/boss', 'file:///etc/passwd',
  ])('as it stands on the line, %s opens nothing that is closed', async (target) => {
    const answer = await exchangeBytes(host.port, `GET ${target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${host.ann}\r\nConnection: close\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 [234]\d\d/)
    expect(answer).not.toMatch(/root:|"secret":true|"admin"|"dependencies"/)
  })
})
