import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createPlugin, openTestSecurity, type TestSecurity } from '../../../../test/support/open-test-security.js'
import { Person } from './person.js'

let host: TestSecurity
beforeEach(async () => { host = await openTestSecurity() })
afterEach(() => host.close())

const rights = { document: { actions: { get: true } } }

describe('roles', () => {
  const roles = (): TestSecurity['security']['services']['roles'] => host.security.services.roles

  test('are made, read, changed and deleted', async () => {
    expect(await roles().create('reader', { controllers: rights, tags: ['a'] })).toMatchObject({
      _id: 'reader', _source: { controllers: rights, tags: ['a'], _kuzzle_info: { author: null, createdAt: expect.any(Number), updatedAt: null, updater: null } },
    })
    await roles().update('reader', { controllers: { index: { actions: { list: true } } } }, { by: 'boss' })
    expect((await roles().get('reader'))._source).toMatchObject({ controllers: { index: { actions: { list: true } } }, tags: ['a'], _kuzzle_info: { updater: 'boss', updatedAt: expect.any(Number) } })
    expect((await roles().get('reader'))._source.controllers).not.toHaveProperty('document')
    await roles().delete('reader')
    await expect(roles().get('reader')).rejects.toMatchObject({ id: 'security.role.not_found', status: 404 })
  })

  test('are not made twice, but may be replaced', async () => {
    await roles().create('reader', { controllers: rights })
    await expect(roles().create('reader', { controllers: rights })).rejects.toMatchObject({ id: 'services.storage.document_already_exists' })
    await roles().createOrReplace('reader', { controllers: { index: { actions: { list: true } } } })
    expect((await roles().get('reader'))._source.controllers).toEqual({ index: { actions: { list: true } } })
  })

  test.each([
    [{}, 'api.assert.missing_argument', 'bad.controllers'], [{ controllers: 'x' }, 'api.assert.invalid_type', 'bad.controllers'], [{ controllers: [] }, 'api.assert.invalid_type', 'bad.controllers'],
    [{ controllers: null }, 'api.assert.invalid_type', 'bad.controllers'], [{ controllers: {} }, 'api.assert.empty_argument', 'bad.controllers'],
    [{ controllers: { document: true } }, 'api.assert.invalid_type', 'bad.controllers.document'], [{ controllers: { document: {} } }, 'api.assert.missing_argument', 'bad.controllers.document.actions'],
    [{ controllers: { document: { actions: [] } } }, 'api.assert.invalid_type', 'bad.controllers.document.actions'], [{ controllers: { document: { actions: {} } } }, 'api.assert.empty_argument', 'bad.controllers.document.actions'],
    [{ controllers: { document: { actions: { get: 'yes' } } } }, 'api.assert.invalid_type', 'bad.controllers.document.actions.get'],
    [{ controllers: { document: { actions: { get: { test: 'return true', args: {} } } } } }, 'api.assert.invalid_type', 'bad.controllers.document.actions.get'],
  ])('of another shape are refused with the place: %j', async (body, id, place) => {
    await expect(roles().createOrReplace('bad', body)).rejects.toMatchObject({ id, status: 400, props: expect.arrayContaining([place]) })
    expect(host.security.services.rights.hasRole('bad')).toBe(false)
  })

  test.each([
    [{ document: { actions: { gte: true } } }, 'security.role.unknown_action', ['bad', 'gte', 'document', ' Did you mean "get"?']],
    [{ documents: { actions: { get: true } } }, 'security.role.unknown_controller', ['bad', 'documents', ' Did you mean "document"?']],
    [{ 'somewhere/entirely-else': { actions: { get: true } } }, 'security.role.unknown_controller', ['bad', 'somewhere/entirely-else', '']],
    [JSON.parse('{"__proto__":{"actions":{"get":true}}}') as object, 'security.role.unknown_controller', ['bad', '__proto__', expect.any(String)]],
  ])('that name what is not there are refused, with the nearest that is: %j', async (controllers, id, props) => {
    await expect(roles().createOrReplace('bad', { controllers })).rejects.toMatchObject({ id, status: 400, props })
    expect(await roles().createOrReplace('bad', { controllers }, { force: true })).toMatchObject({ _id: 'bad' })
  })

  test('may name any action by "*", and the memory storage by both its names', async () => {
    for (const controllers of [{ '*': { actions: { '*': true } } }, { document: { actions: { '*': true } } }, { '*': { actions: { whatever: true } } }, { ms: { actions: { get: true } } }, { memoryStorage: { actions: { get: true } } }]) {
      expect(await roles().createOrReplace('good', { controllers })).toMatchObject({ _id: 'good' })
    }
  })

  test('may name controllers of plugins as long as those run', async () => {
    const action = { name: 'open', handler: () => null, routes: [] }
    const controllers = { 'shop/till': { actions: { open: true } } }
    await expect(roles().createOrReplace('cashier', { controllers })).rejects.toMatchObject({ id: 'security.role.unknown_controller' })
    const remove = host.registry.register(createPlugin({ name: 'shop', controllers: [{ name: 'shop/till', actions: [action] }] }))
    await roles().createOrReplace('cashier', { controllers })
    await expect(roles().createOrReplace('cashier', { controllers: { 'shop/till': { actions: { opne: true } } } })).rejects.toMatchObject({ id: 'security.role.unknown_action', props: ['cashier', 'opne', 'shop/till', ' Did you mean "open"?'] })
    remove()
    expect(host.security.services.rights.hasRole('cashier')).toBe(true)
  })

  test('of the anonymous user must let somebody log in', async () => {
    for (const controllers of [{ document: { actions: { get: true } } }, { auth: { actions: { login: false, '*': true } } }, { auth: { actions: { logout: true } } }, { '*': { actions: { '*': true } }, auth: { actions: { getMyRights: true } } }]) {
      await expect(roles().update('anonymous', { controllers })).rejects.toMatchObject({ id: 'security.role.login_required', status: 400 })
    }
    for (const controllers of [{ auth: { actions: { login: true } } }, { auth: { actions: { '*': true } } }, { '*': { actions: { '*': true } } }, { '*': { actions: { login: true } } }]) {
      expect(await roles().update('anonymous', { controllers })).toMatchObject({ _id: 'anonymous' })
    }
  })

  test('that are built in or used cannot be deleted', async () => {
    for (const id of ['admin', 'default', 'anonymous']) await expect(roles().delete(id)).rejects.toMatchObject({ id: 'security.role.cannot_delete', status: 400 })
    await roles().create('reader', { controllers: rights })
    await host.security.services.profiles.create('clerk', { policies: [{ roleId: 'reader' }] })
    await expect(roles().delete('reader')).rejects.toMatchObject({ id: 'security.role.in_use', status: 412 })
    await expect(roles().delete('ghost')).rejects.toMatchObject({ id: 'security.role.not_found', status: 404 })
  })

  test('are found by the controllers they speak of', async () => {
    await roles().create('reader', { controllers: rights })
    await roles().create('lister', { controllers: { index: { actions: { list: true } } } })
    expect((await roles().search(['document'])).map(({ _id }) => _id)).toEqual(['admin', 'default', 'anonymous', 'reader'])
    expect((await roles().search()).map(({ _id }) => _id)).toEqual(['admin', 'default', 'anonymous', 'reader', 'lister'])
    expect((await roles().mGet(['lister', 'ghost', 'reader'])).map(({ _id }) => _id)).toEqual(['lister', 'reader'])
  })
})

describe('profiles', () => {
  const profiles = (): TestSecurity['security']['services']['profiles'] => host.security.services.profiles

  test('are made, read, changed and deleted', async () => {
    expect(await profiles().create('clerk', { policies: [{ roleId: 'default', restrictedTo: [{ index: 'shop', collections: ['orders'] }] }] })).toMatchObject({
      _id: 'clerk', _source: { rateLimit: 0, policies: [{ roleId: 'default', restrictedTo: [{ index: 'shop', collections: ['orders'] }] }] },
    })
    await profiles().update('clerk', { rateLimit: 7 }, { by: 'boss' })
    expect((await profiles().get('clerk'))._source).toMatchObject({ rateLimit: 7, policies: [{ roleId: 'default' }], _kuzzle_info: { updater: 'boss' } })
    await profiles().delete('clerk')
    await expect(profiles().get('clerk')).rejects.toMatchObject({ id: 'security.profile.not_found', status: 404 })
    await expect(profiles().delete('clerk')).rejects.toMatchObject({ id: 'security.profile.not_found' })
  })

  test.each([
    [{}, 'api.assert.missing_argument'], [{ policies: 'x' }, 'api.assert.invalid_type'], [{ policies: {} }, 'api.assert.invalid_type'], [{ policies: [] }, 'api.assert.empty_argument'],
    [{ policies: ['default'] }, 'api.assert.invalid_type'], [{ policies: [{}] }, 'api.assert.missing_argument'], [{ policies: [{ roleId: 7 }] }, 'api.assert.invalid_type'], [{ policies: [{ roleId: '' }] }, 'api.assert.empty_argument'],
    [{ policies: [{ roleId: 'default', role: 'x' }] }, 'api.assert.unexpected_argument'], [{ policies: [{ roleId: 'default', restrictedTo: {} }] }, 'api.assert.invalid_type'],
    [{ policies: [{ roleId: 'default', restrictedTo: [{}] }] }, 'api.assert.missing_argument'], [{ policies: [{ roleId: 'default', restrictedTo: [{ index: 'a', collection: 'b' }] }] }, 'api.assert.unexpected_argument'],
    [{ policies: [{ roleId: 'default', restrictedTo: [{ index: 'a', collections: 'b' }] }] }, 'api.assert.invalid_type'], [{ policies: [{ roleId: 'default', restrictedTo: [{ index: 'a', collections: [7] }] }] }, 'api.assert.invalid_type'],
    [{ policies: [{ roleId: 'default' }], rateLimit: -1 }, 'api.assert.invalid_type'], [{ policies: [{ roleId: 'default' }], rateLimit: 'many' }, 'api.assert.invalid_type'], [{ policies: [{ roleId: 'default' }], rateLimit: 1.5 }, 'api.assert.invalid_type'],
  ])('of another shape are refused: %j', async (body, id) => {
    await expect(profiles().createOrReplace('bad', body)).rejects.toMatchObject({ id, status: 400, message: expect.stringContaining('bad') })
    expect(host.security.services.rights.hasProfile('bad')).toBe(false)
  })

  test('name roles that are there', async () => {
    await expect(profiles().createOrReplace('bad', { policies: [{ roleId: 'default' }, { roleId: 'ghost' }] })).rejects.toMatchObject({ id: 'security.role.not_found', status: 404, props: ['ghost'] })
  })

  test('name places that are there when that is wished for', async () => {
    await host.store.createCollection({ index: 'shop', collection: 'orders' })
    const body = (restriction: object): Record<string, unknown> => ({ policies: [{ roleId: 'default', restrictedTo: [restriction] }] })
    await profiles().createOrReplace('clerk', body({ index: 'ghost' }))
    await profiles().createOrReplace('clerk', body({ index: 'shop', collections: ['orders'] }), { strict: true })
    await expect(profiles().createOrReplace('clerk', body({ index: 'ghost' }), { strict: true })).rejects.toMatchObject({ id: 'services.storage.unknown_index', status: 412 })
    await expect(profiles().createOrReplace('clerk', body({ index: 'shop', collections: ['ghost'] }), { strict: true })).rejects.toMatchObject({ id: 'services.storage.unknown_collection', status: 412 })
    await expect(profiles().createOrReplace('clerk', body({ index: 'security' }), { strict: true })).rejects.toMatchObject({ id: 'services.storage.unknown_index' })
  })

  test('of the anonymous user keep its role', async () => {
    await expect(profiles().update('anonymous', { policies: [{ roleId: 'admin' }] })).rejects.toMatchObject({ id: 'security.profile.missing_anonymous_role', status: 400 })
    expect(await profiles().update('anonymous', { policies: [{ roleId: 'anonymous' }, { roleId: 'default' }] })).toMatchObject({ _id: 'anonymous' })
  })

  test('are found by their roles, page by page', async () => {
    await host.security.services.roles.create('reader', { controllers: rights })
    for (const id of ['a', 'b', 'c']) await profiles().create(id, { policies: [{ roleId: 'reader' }, { roleId: 'default' }] })
    const ids = async (roles: string[], page: object = {}): Promise<string[]> => (await profiles().search(roles, { size: 100, ...page })).hits.map(({ _id }) => _id)
    expect(await ids(['reader'])).toEqual(['a', 'b', 'c'])
    expect(await ids(['reader', 'admin'])).toEqual(['admin', 'a', 'b', 'c'])
    expect(await ids([])).toHaveLength(6)
    expect(await ids(['reader'], { from: 1, size: 1 })).toEqual(['b'])
    const page = await profiles().search(['reader'], { size: 2, scroll: '1m' })
    expect((await profiles().scroll(page.scrollId as string, '1m')).hits.map(({ _id }) => _id)).toEqual(['c'])
    expect((await profiles().mGet(['c', 'ghost', 'a'])).map(({ _id }) => _id)).toEqual(['c', 'a'])
  })
})

describe('users', () => {
  const users = (): TestSecurity['security']['services']['users'] => host.security.services.users

  test('are changed field by field, and know who changed them', async () => {
    await users().create('ann', { profileIds: ['default'], name: 'Ann', address: { city: 'Hue', zip: 1 } })
    const changed = await users().update('ann', { address: { city: 'Sapa' } }, 'boss')
    expect(changed._source).toMatchObject({ name: 'Ann', address: { city: 'Sapa', zip: 1 }, _kuzzle_info: { author: null, updater: 'boss', updatedAt: expect.any(Number) } })
    expect((await users().load('ann')).address).toEqual({ city: 'Sapa', zip: 1 })
  })

  test('are replaced wholly', async () => {
    await users().create('ann', { profileIds: ['default'], name: 'Ann' })
    expect((await users().replace('ann', { profileIds: ['admin'] }))._source).not.toHaveProperty('name')
    await expect(users().replace('ann', {})).rejects.toMatchObject({ id: 'api.assert.missing_argument' })
    await expect(users().replace('ghost', { profileIds: ['default'] })).rejects.toMatchObject({ id: 'security.user.not_found', status: 404 })
    await expect(users().update('ghost', { name: 'x' }, null)).rejects.toMatchObject({ id: 'security.user.not_found' })
    await expect(users().delete('ghost')).rejects.toMatchObject({ id: 'security.user.not_found' })
  })

  test('keep their profiles when others are refused', async () => {
    await users().create('ann', { profileIds: ['default'] })
    for (const profileIds of [['ghost'], [], 'admin', [null], [['admin']]]) await expect(users().update('ann', { profileIds }, null)).rejects.toHaveProperty('status')
    expect((await users().load('ann')).profileIds).toEqual(['default'])
  })

  test('that are in use are the same object, until they change', async () => {
    await users().create('ann', { profileIds: ['default'] })
    const before = await users().load('ann')
    expect(await users().load('ann')).toBe(before)
    await users().update('ann', { name: 'x' }, null)
    expect(await users().load('ann')).not.toBe(before)
  })

  test('that change while they are read are not remembered as they were', async () => {
    await users().create('ann', { profileIds: ['default'] })
    const [loaded] = await Promise.all([users().load('ann'), users().update('ann', { profileIds: ['admin'] }, null)])
    expect(['default', 'admin']).toContain(loaded.profileIds[0])
    expect((await users().load('ann')).profileIds).toEqual(['admin'])
  })

  test('include the anonymous one, under two ids, who cannot be written', async () => {
    for (const id of ['-1', 'anonymous']) {
      expect(await users().get(id)).toMatchObject({ _id: '-1', _source: { profileIds: ['anonymous'], name: 'Anonymous' } })
      expect((await users().load(id))._id).toBe('-1')
      expect(await users().exists(id)).toBe(true)
      await expect(users().update(id, { profileIds: ['admin'] }, null)).rejects.toMatchObject({ id: 'security.user.anonymous_profile_required', status: 400 })
      await expect(users().replace(id, { profileIds: ['admin'] })).rejects.toMatchObject({ id: 'security.user.anonymous_profile_required' })
    }
    expect((await users().mGet(['-1', 'ghost'])).map(({ _id }) => _id)).toEqual(['-1'])
  })

  test('are found by what they hold', async () => {
    for (const [id, age] of [['ann', 30], ['bob', 40], ['cas', 50]] as const) await users().create(id, { profileIds: ['default'], age })
    expect((await users().search({ query: { range: { age: { gte: 40 } } }, sort: [{ age: 'desc' }] }, { size: 10 })).hits.map(({ _id }) => _id)).toEqual(['cas', 'bob'])
    expect(await users().countWith('default')).toBe(3)
    const page = await users().search({}, { size: 2, scroll: '1m' })
    expect((await users().scroll(page.scrollId as string)).hits.map(({ _id }) => _id)).toEqual(['cas'])
  })
})

describe('a person', () => {
  test('has content as properties, and answers what plugins ask', async () => {
    await host.security.services.founding.restrictDefaultRights()
    const ann = new Person('ann', { profileIds: ['default'], name: 'Ann' }, host.security.services.rights)
    expect(ann).toMatchObject({ _id: 'ann', profileIds: ['default'], name: 'Ann' })
    expect(await ann.getProfiles()).toEqual(['default'])
    expect(await ann.getRights()).toContainEqual({ controller: 'auth', action: 'updateSelf', index: '*', collection: '*', value: 'allowed' })
  })

  test('is not changed by what it was made from', () => {
    const content = { profileIds: ['default'] }
    const ann = new Person('ann', content, host.security.services.rights)
    content.profileIds.push('admin')
    expect(ann.profileIds).toEqual(['default'])
  })

  test('keeps its own members, whatever its content is called', async () => {
    const content = JSON.parse('{"profileIds":["default"],"_id":"boss","getRights":1,"isActionAllowed":2,"constructor":3,"__proto__":{"isAdmin":true},"toString":4}') as Record<string, unknown>
    const ann = new Person('ann', content, host.security.services.rights)
    expect(ann._id).toBe('ann')
    expect(ann).toBeInstanceOf(Person)
    expect((ann as unknown as { isAdmin?: boolean }).isAdmin).toBeUndefined()
    expect(await ann.getProfiles()).toEqual(['default'])
  })

  test('is written out without what belongs to the host', () => {
    expect(JSON.parse(JSON.stringify(new Person('ann', { profileIds: ['default'], name: 'Ann' }, host.security.services.rights)))).toEqual({ _id: 'ann', profileIds: ['default'], name: 'Ann' })
  })
})
