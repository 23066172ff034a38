import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { ForbiddenError, type StrategyMethods } from '@mortise/sdk'
import { createMemoryMethods, createMemoryStrategy, createPlugin, httpRequest, openTestSecurity, type TestSecurity } from '../../../../test/support/open-test-security.js'
import { createReadableId } from './readable-id.js'

const request = httpRequest({ controller: 'security', action: 'createUser' })

describe('an account', () => {
  let host: TestSecurity
  let first: ReturnType<typeof createMemoryMethods>
  let second: ReturnType<typeof createMemoryMethods>

  beforeEach(async () => {
    host = await openTestSecurity();
    [first, second] = [createMemoryMethods(), createMemoryMethods()]
    host.registry.register(createPlugin({ name: 'memory', strategies: [createMemoryStrategy(first, 'first'), createMemoryStrategy(second, 'second')] }))
  })
  afterEach(() => host.close())

  const create = (data: { id?: string; idForm?: 'human' | 'uuid'; content?: object; credentials?: object }): ReturnType<TestSecurity['security']['services']['accounts']['create']> =>
    host.security.services.accounts.create(request, { content: { profileIds: ['default'] }, credentials: {}, ...data } as never)
  const exists = (id: string): Promise<boolean> => host.security.services.users.exists(id)
  const addFaulty = (methods: Partial<StrategyMethods>): void =>
    void host.registry.register(createPlugin({ name: 'faulty', strategies: [createMemoryStrategy({ ...createMemoryMethods(), ...methods }, 'faulty')] }))

  test('is a user and their credentials', async () => {
    expect(await create({ id: 'ann', content: { profileIds: ['default'], name: 'Ann' }, credentials: { first: { secret: 'a' }, second: { secret: 'b' } } })).toMatchObject({
      _id: 'ann', _source: { name: 'Ann', profileIds: ['default'], _kuzzle_info: { author: null, createdAt: expect.any(Number), updatedAt: null, updater: null } },
    })
    expect([first.credentials.get('ann'), second.credentials.get('ann')]).toEqual([{ secret: 'a' }, { secret: 'b' }])
  })

  test('gets an id that can be read out, or a UUID', async () => {
    expect((await create({}))._id).toMatch(/^kuid-[a-z]+-[a-z]+-[a-z]+-\d{5}$/)
    expect((await create({ idForm: 'uuid' }))._id).toMatch(/^kuid-[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/)
  })

  test('has an id that nobody had', () => {
    const ids = Array.from({ length: 2000 }, createReadableId)
    expect(new Set(ids).size).toBeGreaterThan(1990)
  })

  test('needs strategies that are there, and is not made half', async () => {
    await expect(create({ id: 'ann', credentials: { first: { secret: 'a' }, ghost: {} } })).rejects.toMatchObject({ id: 'security.credentials.unknown_strategy' })
    expect(await exists('ann')).toBe(false)
    expect(first.credentials.size).toBe(0)
  })

  test.each([['a text', 'x'], ['a list', []], ['nothing', null]])('needs credentials that are objects, not %s', async (_what, given) => {
    await expect(create({ id: 'ann', credentials: { first: given } })).rejects.toMatchObject({ id: 'api.assert.invalid_type', status: 400 })
    expect(await exists('ann')).toBe(false)
  })

  test('needs profiles that are there', async () => {
    await expect(create({ id: 'ann', content: { profileIds: ['ghost'] } })).rejects.toMatchObject({ id: 'security.profile.not_found', status: 404, props: ['ghost'] })
    await expect(create({ id: 'ann', content: {} })).rejects.toMatchObject({ id: 'api.assert.missing_argument' })
    await expect(create({ id: 'ann', content: { profileIds: [] } })).rejects.toMatchObject({ id: 'api.assert.empty_argument' })
    await expect(create({ id: 'ann', content: { profileIds: 'default' } })).rejects.toMatchObject({ id: 'api.assert.invalid_type' })
    await expect(create({ id: 'ann', content: { profileIds: [7] } })).rejects.toMatchObject({ id: 'api.assert.invalid_type' })
  })

  test('of an id that is taken is refused, and whoever has it keeps everything', async () => {
    await create({ id: 'ann', content: { profileIds: ['default'], name: 'Ann' }, credentials: { first: { secret: 'a' } } })
    await expect(create({ id: 'ann', content: { profileIds: ['admin'] } })).rejects.toMatchObject({ id: 'security.user.already_exists', status: 412 })
    await expect(create({ id: 'ann', credentials: { second: { secret: 'x' } } })).rejects.toMatchObject({ id: 'security.user.already_exists' })
    await expect(create({ id: 'ann', credentials: { first: { secret: 'x' } } })).rejects.toMatchObject({ id: 'security.credentials.database_inconsistency', status: 500 })
    expect((await host.security.services.users.get('ann'))._source).toMatchObject({ name: 'Ann', profileIds: ['default'] })
    expect(first.credentials.get('ann')).toEqual({ secret: 'a' })
    expect(second.credentials.size).toBe(0)
  })

  test.each(['-1', 'anonymous'])('is never the anonymous user\'s: %s', async (id) => {
    await expect(create({ id, content: { profileIds: ['anonymous', 'admin'] } })).rejects.toMatchObject({ id: 'security.user.already_exists' })
  })

  test('of two made at once with one id is one', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => create({ id: 'ann' })))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  describe('whose credentials are refused', () => {
    const both = { first: { secret: 'a' }, faulty: { secret: 'b' } }

    test('is not there afterwards', async () => {
      addFaulty({ validate: () => { throw new Error('too short') } })
      await expect(create({ id: 'ann', credentials: both })).rejects.toMatchObject({ id: 'security.credentials.rejected', status: 400, message: expect.stringContaining('too short') })
      expect(await exists('ann')).toBe(false)
      expect(first.credentials.size).toBe(0)
    })

    test('is told in the strategy\'s own words, when it has an error of its own', async () => {
      addFaulty({ validate: () => { throw new ForbiddenError('Not you.') } })
      await expect(create({ id: 'ann', credentials: both })).rejects.toMatchObject({ status: 403, message: 'Not you.' })
      expect(await exists('ann')).toBe(false)
    })

    test('is not there either when making them fails', async () => {
      addFaulty({ create: () => { throw new Error('disk full') } })
      await expect(create({ id: 'ann', credentials: both })).rejects.toMatchObject({ id: 'plugin.runtime.unexpected_error', status: 500 })
      expect(await exists('ann')).toBe(false)
      expect(first.credentials.size).toBe(0)
    })

    test('is told when it cannot be taken back', async () => {
      addFaulty({ create: () => { throw new Error('disk full') } })
      first.delete = () => { throw new Error('stuck') }
      host.registry.register(createPlugin({ name: 'again', strategies: [createMemoryStrategy({ ...first, delete: () => { throw new Error('stuck') } }, 'stuck')] }))
      await expect(create({ id: 'ann', credentials: { stuck: { secret: 'a' }, faulty: { secret: 'b' } } })).rejects.toMatchObject({ status: 500, message: expect.stringContaining('stuck') })
    })
  })

  test('that is deleted leaves nothing: no credentials, no tokens, no API keys', async () => {
    await create({ id: 'ann', credentials: { first: { secret: 'a' } } })
    const { accounts, tokens, apiKeys } = host.security.services
    const { jwt } = await tokens.issue('ann')
    const key = await apiKeys.create('ann', { description: 'robot', by: null })
    await accounts.delete(request, 'ann')
    expect(first.credentials.size).toBe(0)
    await expect(tokens.verify(jwt)).rejects.toMatchObject({ id: 'security.token.invalid' })
    await expect(tokens.verify(key._source.token as string)).rejects.toMatchObject({ id: 'security.token.invalid' })
    for (const collection of ['users', 'tokens', 'api-keys']) expect(await host.store.count({ scope: 'internal', index: 'security', collection })).toBe(0)
  })

  test('that is not there cannot be deleted', async () => {
    await expect(host.security.services.accounts.delete(request, 'ghost')).rejects.toMatchObject({ id: 'security.user.not_found', status: 404 })
  })

  describe('with a profile that is to go', () => {
    const remove = (id: string, detach = false): Promise<void> => host.security.services.accounts.deleteProfile(id, { detach, by: 'boss' })

    beforeEach(async () => {
      await host.security.services.profiles.create('clerk', { policies: [{ roleId: 'default' }] })
      await create({ id: 'ann', content: { profileIds: ['clerk'] } })
      await create({ id: 'bob', content: { profileIds: ['clerk', 'default'] } })
    })

    test('keeps it', async () => {
      await expect(remove('clerk')).rejects.toMatchObject({ id: 'security.profile.in_use', status: 412, message: 'The profile "clerk" is still used and cannot be deleted.' })
    })

    test('loses it when that is wished for, and is left with something', async () => {
      await remove('clerk', true)
      const profilesOf = async (id: string): Promise<unknown> => (await host.security.services.users.get(id))._source.profileIds
      expect([await profilesOf('ann'), await profilesOf('bob')]).toEqual([['anonymous'], ['default']])
      await expect(host.security.services.profiles.get('clerk')).rejects.toMatchObject({ id: 'security.profile.not_found' })
    })

    test('cannot lose one that is built in, or not there', async () => {
      for (const id of ['admin', 'default', 'anonymous']) await expect(remove(id, true)).rejects.toMatchObject({ id: 'security.profile.cannot_delete', status: 400 })
      await expect(remove('ghost')).rejects.toMatchObject({ id: 'security.profile.not_found', status: 404 })
    })
  })
})

describe('the start', () => {
  let host: TestSecurity
  beforeEach(async () => { host = await openTestSecurity() })
  afterEach(() => host.close())
  const founding = (): TestSecurity['security']['services']['founding'] => host.security.services.founding
  const account = { id: 'boss', content: { name: 'Boss' }, credentials: {} }
  const mayAnonymous = (controller: string, action: string): boolean => host.security.services.rights.of(host.security.services.users.anonymous).allows(controller, action, {})

  test('is open to everybody, and knows no administrator', async () => {
    expect(host.security.isOpen).toBe(true)
    expect(await founding().adminExists()).toBe(false)
    expect(mayAnonymous('security', 'createFirstAdmin')).toBe(true)
  })

  test('with a first administrator stays open unless rights are reset', async () => {
    expect(await founding().createFirstAdmin(request, account, false)).toMatchObject({ _id: 'boss', _source: { name: 'Boss', profileIds: ['admin'] } })
    expect(await founding().adminExists()).toBe(true)
    expect(host.security.isOpen).toBe(true)
  })

  test('with a reset leaves others what they need to log in', async () => {
    await founding().createFirstAdmin(request, account, true)
    expect(host.security.isOpen).toBe(false)
    for (const [controller, action, allowed] of [
      ['auth', 'login', true], ['auth', 'checkToken', true], ['auth', 'getCurrentUser', true], ['auth', 'getMyRights', true], ['server', 'publicApi', true], ['server', 'openapi', true],
      ['auth', 'logout', false], ['auth', 'createApiKey', false], ['document', 'get', false], ['server', 'info', false], ['security', 'createFirstAdmin', false], ['realtime', 'subscribe', false],
    ] as const) expect([controller, action, mayAnonymous(controller, action)]).toEqual([controller, action, allowed])
    const { rights } = host.security.services
    expect(rights.ofProfiles(['default']).allows('auth', 'updateSelf', {})).toBe(true)
    expect(rights.ofProfiles(['default']).allows('document', 'get', {})).toBe(false)
    expect(rights.ofProfiles(['admin']).allows('anything', 'at all', {})).toBe(true)
    expect(['admin', 'default', 'anonymous'].map((id) => rights.ofProfiles([id]).rateLimit)).toEqual([0, 10, 200])
  })

  test('makes one administrator, and no second', async () => {
    await founding().createFirstAdmin(request, account, false)
    await expect(founding().createFirstAdmin(request, { ...account, id: 'second' }, true)).rejects.toMatchObject({ id: 'api.process.admin_exists', status: 412 })
    expect(host.security.isOpen).toBe(true)
  })

  test('leaves no administrator behind whose credentials were refused', async () => {
    host.registry.register(createPlugin({ name: 'memory', strategies: [createMemoryStrategy()] }))
    await expect(founding().createFirstAdmin(request, { ...account, credentials: { memory: {} } }, true)).rejects.toMatchObject({ id: 'security.credentials.rejected' })
    expect(await founding().adminExists()).toBe(false)
    expect(host.security.isOpen).toBe(true)
    await founding().createFirstAdmin(request, { ...account, credentials: { memory: { secret: 'x' } } }, true)
    expect(host.security.isOpen).toBe(false)
  })

  test('finds everything again when the host starts anew', async () => {
    await founding().createFirstAdmin(request, account, true)
    await host.security.services.roles.update('anonymous', { controllers: { auth: { actions: { login: true } }, server: { actions: { now: true } } } })
    const { jwt } = await host.security.services.tokens.issue('boss')
    const again = await openTestSecurity({}, { store: host.store })
    expect(again.security.isOpen).toBe(false)
    expect(again.security.services.rights.ofProfiles(['anonymous']).allows('server', 'now', {})).toBe(true)
    expect((await again.security.services.tokens.verify(jwt)).user._id).toBe('boss')
    await again.close()
  })

  test('may have other standard rights', async () => {
    const other = await openTestSecurity({ standard: { roles: { default: { document: { actions: { '*': true } } } }, profiles: { default: { policies: [{ roleId: 'default', restrictedTo: [{ index: 'own' }] }], rateLimit: 3 } } } })
    await other.security.services.founding.restrictDefaultRights()
    const rights = other.security.services.rights.ofProfiles(['default'])
    expect(rights.allows('document', 'get', { index: 'own', collection: 'x' })).toBe(true)
    expect(rights.allows('document', 'get', { index: 'other', collection: 'x' })).toBe(false)
    expect(rights.rateLimit).toBe(3)
    expect(other.security.services.rights.ofProfiles(['anonymous']).allows('auth', 'login', {})).toBe(true)
    await other.close()
  })

  test('can be gone back to', async () => {
    const { roles, profiles, users } = host.security.services
    await founding().createFirstAdmin(request, account, true)
    await roles.create('reader', { controllers: { document: { actions: { get: true } } } })
    await profiles.create('clerk', { policies: [{ roleId: 'reader' }] })
    await users.create('ann', { profileIds: ['clerk'] })
    expect(await founding().reset(request)).toEqual({ deletedUsers: 2, deletedProfiles: 1, deletedRoles: 1 })
    expect(host.security.isOpen).toBe(true)
    expect(await founding().adminExists()).toBe(false)
    expect(host.security.services.rights.hasRole('reader')).toBe(false)
  })

  test('is not gone back to twice at once', async () => {
    const outcomes = await Promise.allSettled([founding().reset(request), founding().reset(request)])
    expect(outcomes[1]).toMatchObject({ status: 'rejected', reason: { id: 'api.process.action_locked', status: 412 } })
  })
})

describe('security as one object', () => {
  let host: TestSecurity
  beforeEach(async () => {
    host = await openTestSecurity()
    host.registry.register(createPlugin({ name: 'memory', strategies: [createMemoryStrategy()] }))
  })
  afterEach(() => host.close())

  const given = {
    roles: { reader: { controllers: { document: { actions: { get: true } } } } },
    profiles: { clerk: { policies: [{ roleId: 'reader' }] } },
    users: { ann: { content: { profileIds: ['clerk'], name: 'Ann' }, credentials: { memory: { secret: 'a' } } } },
  }
  const load = (data: object = given, options: object = {}): Promise<void> => host.security.services.securities.load(request, data as Record<string, unknown>, options)

  test('is written in an order in which each part finds what it names', async () => {
    await load()
    const ann = await host.security.services.users.load('ann')
    expect(host.security.services.rights.of(ann).allows('document', 'get', {})).toBe(true)
    expect(await host.security.services.credentials.strategiesOf(request, 'ann')).toEqual(['memory'])
  })

  test('may be empty, or in part', async () => {
    await load({})
    await load({ roles: given.roles })
    expect(host.security.services.rights.hasRole('reader')).toBe(true)
  })

  test('replaces roles and profiles', async () => {
    await load()
    await load({ roles: { reader: { controllers: { document: { actions: { create: true } } } } } })
    const ann = await host.security.services.users.load('ann')
    expect(host.security.services.rights.of(ann).allows('document', 'get', {})).toBe(false)
  })

  test('does not touch users who are there, unless that is wished for', async () => {
    await load()
    const other = { ...given, users: { ann: { content: { profileIds: ['default'], name: 'Other' } }, bob: { content: { profileIds: ['clerk'] } } } }
    const nameOf = async (): Promise<unknown> => (await host.security.services.users.get('ann'))._source.name
    await expect(load(other)).rejects.toMatchObject({ id: 'security.user.prevent_overwrite', status: 400 })
    expect(await host.security.services.users.exists('bob')).toBe(false)
    await load(other, { onExistingUsers: 'skip' })
    expect([await nameOf(), await host.security.services.users.exists('bob')]).toEqual(['Ann', true])
    await load({ users: { ann: other.users.ann } }, { onExistingUsers: 'overwrite' })
    expect(await nameOf()).toBe('Other')
    expect(await host.security.services.credentials.strategiesOf(request, 'ann')).toEqual([])
  })

  test('takes roles that name what is not there only when forced', async () => {
    const future = { roles: { later: { controllers: { 'not-yet/here': { actions: { go: true } } } } } }
    await expect(load(future)).rejects.toMatchObject({ id: 'security.role.unknown_controller' })
    await load(future, { force: true })
    expect(host.security.services.rights.hasRole('later')).toBe(true)
  })

  describe('that is declared', () => {
    const loadOnce = (owner: string, data: object): Promise<boolean> => host.security.services.securities.loadOnce(owner, data as Record<string, unknown>)

    test('is loaded once, by one of those who start at the same time', async () => {
      const outcomes = await Promise.all(Array.from({ length: 5 }, () => loadOnce('shop', given)))
      expect(outcomes.filter(Boolean)).toHaveLength(1)
      expect(await host.security.services.users.exists('ann')).toBe(true)
    })

    test('is loaded again when it says something else, and leaves users alone', async () => {
      await loadOnce('shop', given)
      await host.security.services.users.update('ann', { name: 'Changed' }, 'ann')
      await host.security.services.roles.update('reader', { controllers: { index: { actions: { list: true } } } })
      expect(await loadOnce('shop', given)).toBe(false)
      expect((await host.security.services.roles.get('reader'))._source.controllers).toEqual({ index: { actions: { list: true } } })
      expect(await loadOnce('shop', { ...given, roles: { ...given.roles, extra: given.roles.reader } })).toBe(true)
      expect((await host.security.services.users.get('ann'))._source.name).toBe('Changed')
    })

    test('and fails is tried again at the next start', async () => {
      await expect(loadOnce('shop', { profiles: { clerk: { policies: [{ roleId: 'ghost' }] } } })).rejects.toMatchObject({ id: 'security.role.not_found' })
      await host.security.services.roles.create('ghost', { controllers: { document: { actions: { get: true } } } })
      expect(await loadOnce('shop', { profiles: { clerk: { policies: [{ roleId: 'ghost' }] } } })).toBe(true)
    })
  })

  test.each([
    [{ roles: [] }], [{ roles: 'x' }], [{ profiles: 7 }], [{ users: 'x' }], [{ roles: { a: 'x' } }], [{ users: { ann: 'x' } }], [{ users: { ann: {} } }],
    [{ users: { ann: { content: 'x' } } }], [{ users: { ann: { content: { profileIds: ['default'] }, credentials: [] } } }],
  ])('of another shape is refused with its place: %j', async (data) => {
    await expect(load(data)).rejects.toMatchObject({ status: 400, id: expect.stringMatching(/^api\.assert\./) })
  })
})
