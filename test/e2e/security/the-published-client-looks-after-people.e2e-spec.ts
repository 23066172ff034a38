import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Http, Kuzzle, WebSocket } from 'kuzzle-sdk'
import { noteCalls } from '../../support/note-calls.js'
import { startSecuredHost, type SecuredHost } from '../../support/start-secured-host.js'

/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- what the client answers is what is looked at */
type Methods = Record<string, any>
type Client = Kuzzle & { auth: Methods; security: Methods }

/** Every method of the published client's `auth` and `security`, over both transports. */
describe.each([['HTTP', Http], ['WebSocket', WebSocket]])('over %s', (_transport, Protocol) => {
  let host: SecuredHost
  let client: Client
  let port: number
  let uncalled: () => string[]

  const connect = async (): Promise<Client> => {
    const made = new Kuzzle(new Protocol('127.0.0.1', { port } as object)) as unknown as Client
    await made.connect()
    return made
  }

  /** What the published client has no method for. */
  const ask = async (action: string, data: object): Promise<unknown> => (await client.query({ controller: 'security', action, ...data })).result

  beforeAll(async () => {
    host = await startSecuredHost();
    ({ port } = await host.listen())
    client = await connect()
    uncalled = noteCalls(client, ['auth', 'security'])
  })
  afterAll(async () => {
    client.disconnect()
    await host.close()
  })

  test('the first administrator is made, and logs in', async () => {
    expect(await client.server.adminExists({})).toBe(false)
    const credentials = { local: { username: 'boss', password: 'secret-1' } }
    expect(await client.security.createFirstAdmin('boss', { content: { name: 'Boss' }, credentials }, { reset: true })).toMatchObject({ _id: 'boss', _source: { profileIds: ['admin'] } })
    await expect(client.security.getUser('boss')).rejects.toMatchObject({ status: 401, id: 'security.rights.unauthorized' })
    await expect(client.auth.login('local', { username: 'boss', password: 'x' })).rejects.toMatchObject({ status: 401, id: 'plugin.strategy.missing_user' })
    await client.auth.login('local', { username: 'boss', password: 'secret-1' }, '1h')
    expect(client.jwt).toMatch(/^kauth-/)
    expect(await client.isAuthenticated()).toBe(true)
    await client.auth.logout()
    expect(client.jwt).toBeNull()
    await client.auth.login('local', { username: 'boss', password: 'secret-1' }, '1h')
  })

  test('the user knows who they are and what they may do', async () => {
    expect(await client.auth.getCurrentUser()).toMatchObject({ _id: 'boss', _source: { name: 'Boss' } })
    expect(await client.auth.getMyRights()).toEqual([{ controller: '*', action: '*', index: '*', collection: '*', value: 'allowed' }])
    expect(await client.auth.checkRights({ controller: 'document', action: 'get' })).toBe(true)
    expect(await client.auth.getStrategies()).toEqual(['local'])
    expect(await client.auth.updateSelf({ town: 'Hue' })).toMatchObject({ _source: { town: 'Hue' } })
    expect(await client.auth.checkToken()).toMatchObject({ valid: true, kuid: 'boss' })
  })

  test('the user looks after their credentials', async () => {
    expect(await client.auth.getMyCredentials('local')).toEqual({ username: 'boss', kuid: 'boss' })
    expect(await client.auth.credentialsExist('local')).toBe(true)
    expect(await client.auth.validateMyCredentials('local', { username: 'boss', password: 'x' })).toBe(true)
    expect(await client.auth.updateMyCredentials('local', { password: 'secret-2' })).toEqual({ username: 'boss', kuid: 'boss' })
    expect(await client.auth.deleteMyCredentials('local')).toBe(true)
    expect(await client.auth.credentialsExist('local')).toBe(false)
    expect(await client.auth.createMyCredentials('local', { username: 'boss', password: 'secret-1' })).toEqual({ username: 'boss', kuid: 'boss' })
  })

  test('roles', async () => {
    const controllers = { document: { actions: { get: true } } }
    expect(await client.security.createRole('reader', { controllers })).toMatchObject({ _id: 'reader', controllers })
    expect(await client.security.getRole('reader')).toMatchObject({ _id: 'reader' })
    expect(await client.security.updateRole('reader', { controllers: { document: { actions: { get: true, search: true } } } })).toMatchObject({ controllers: { document: { actions: { search: true } } } })
    expect(await client.security.createOrReplaceRole('reader', { controllers })).toMatchObject({ controllers })
    expect(await client.security.mGetRoles(['reader', 'admin'])).toHaveLength(2)
    expect(await client.security.searchRoles({ controllers: ['document'] })).toMatchObject({ total: 2 })
    expect(await client.security.getRoleMapping()).toHaveProperty('mapping')
    expect(await client.security.updateRoleMapping({ properties: { tags: { type: 'keyword' } } })).toHaveProperty('properties')
    await expect(client.security.createRole('bad', { controllers: { documents: { actions: { get: true } } } })).rejects.toMatchObject({ id: 'security.role.unknown_controller' })
    expect(await client.security.createRole('forced', { controllers: { later: { actions: { get: true } } } }, { force: true })).toMatchObject({ _id: 'forced' })
  })

  test('profiles', async () => {
    const body = { policies: [{ roleId: 'reader', restrictedTo: [{ index: 'shop', collections: ['orders'] }] }], rateLimit: 50 }
    expect(await client.security.createProfile('clerk', body)).toMatchObject({ _id: 'clerk', rateLimit: 50 })
    expect(await client.security.getProfile('clerk')).toMatchObject({ policies: body.policies })
    expect(await client.security.updateProfile('clerk', { policies: [{ roleId: 'reader' }] })).toMatchObject({ policies: [{ roleId: 'reader' }], rateLimit: 50 })
    expect(await client.security.createOrReplaceProfile('clerk', body)).toMatchObject({ policies: body.policies })
    expect(await client.security.mGetProfiles(['clerk', 'admin'])).toHaveLength(2)
    expect(await client.security.searchProfiles({ roles: ['reader'] })).toMatchObject({ total: 1, hits: [{ _id: 'clerk' }] })
    expect(await client.security.getProfileRights('clerk')).toEqual([{ controller: 'document', action: 'get', index: 'shop', collection: 'orders', value: 'allowed' }])
    expect(await client.security.getProfileMapping()).toHaveProperty('mapping')
    expect(await client.security.updateProfileMapping({ properties: { tags: { type: 'keyword' } } })).toHaveProperty('properties')
  })

  test('users', async () => {
    expect(await client.security.createUser('ann', { content: { profileIds: ['clerk'], name: 'Ann' }, credentials: { local: { username: 'ann', password: 'secret-3' } } })).toMatchObject({ _id: 'ann' })
    expect(await client.security.createRestrictedUser({ content: { name: 'Guest' }, credentials: {} }, 'guest')).toMatchObject({ _source: { profileIds: ['default'] } })
    expect(await client.security.getUser('ann')).toMatchObject({ _id: 'ann', profileIds: ['clerk'] })
    expect(await client.security.mGetUsers(['ann', 'guest'])).toHaveLength(2)
    expect(await client.security.updateUser('ann', { name: 'Ann II' })).toMatchObject({ _source: { name: 'Ann II', profileIds: ['clerk'] } })
    expect(await client.security.replaceUser('guest', { profileIds: ['default'], name: 'Other' })).toMatchObject({ _source: { name: 'Other' } })
    expect(await ask('upsertUser', { _id: 'new', body: { content: { profileIds: ['default'] }, credentials: {} } })).toMatchObject({ _id: 'new' })
    expect(await client.security.searchUsers({ query: { term: { profileIds: 'clerk' } } })).toMatchObject({ total: 1, hits: [{ _id: 'ann' }] })
    expect(await client.security.getUserRights('ann')).toHaveLength(1)
    expect(await client.security.getUserStrategies('ann')).toEqual(['local'])
    expect(await client.security.checkRights('ann', { controller: 'document', action: 'get', index: 'shop', collection: 'orders' })).toBe(true)
    expect(await client.security.checkRights('ann', { controller: 'document', action: 'get', index: 'vault', collection: 'orders' })).toBe(false)
    expect(await client.security.getUserMapping()).toHaveProperty('mapping')
    expect(await client.security.updateUserMapping({ properties: { name: { type: 'keyword' } } })).toHaveProperty('properties')
    await client.security.refresh('users')
  })

  test('users are read page by page', async () => {
    const first = await client.security.searchUsers({}, { size: 2, scroll: '1m' }) as unknown as { hits: unknown[]; fetched: number; next(): Promise<{ hits: unknown[]; fetched: number } | null> }
    expect(first.hits).toHaveLength(2)
    expect((await first.next())?.fetched).toBe(4)
  })

  test('credentials of users', async () => {
    expect(await client.security.getAllCredentialFields()).toEqual({ local: ['username', 'password'] })
    expect(await client.security.getCredentialFields('local')).toEqual(['username', 'password'])
    expect(await client.security.hasCredentials('local', 'guest')).toBe(false)
    expect(await client.security.validateCredentials('local', 'guest', { username: 'guest', password: 'x' })).toBe(true)
    expect(await client.security.createCredentials('local', 'guest', { username: 'guest', password: 'x' })).toEqual({ username: 'guest', kuid: 'guest' })
    expect(await client.security.updateCredentials('local', 'guest', { username: 'visitor' })).toEqual({ username: 'visitor', kuid: 'guest' })
    expect(await client.security.getCredentials('local', 'guest')).toEqual({ username: 'visitor', kuid: 'guest' })
    expect(await client.security.getCredentialsById('local', 'visitor')).toEqual({ username: 'visitor', kuid: 'guest' })
    expect(await ask('searchUsersByCredentials', { strategy: 'local', body: { query: { term: { username: 'visitor' } } } })).toMatchObject({ total: 1 })
    expect(await client.security.deleteCredentials('local', 'guest')).toMatchObject({ acknowledged: true })
    await expect(client.security.createCredentials('local', 'ghost', { username: 'g', password: 'x' })).rejects.toMatchObject({ id: 'security.user.not_found' })
  })

  test('API keys, of oneself and of others', async () => {
    const mine = await client.auth.createApiKey('mine') as unknown as { _id: string; _source: { token: string } }
    expect(await client.auth.searchApiKeys({})).toMatchObject({ total: 1 })
    const theirs = await client.security.createApiKey('ann', 'hers', { expiresIn: '1h' }) as unknown as { _id: string; _source: { token: string; ttl: number } }
    expect(theirs._source.ttl).toBe(3_600_000)
    expect(await client.security.searchApiKeys('ann')).toMatchObject({ total: 1, hits: [{ _id: theirs._id }] })
    const robot = await connect()
    robot.setAPIKey(theirs._source.token)
    expect(await robot.query({ controller: 'server', action: 'now' }).catch((error: { id: string }) => error.id)).toBe('security.rights.forbidden')
    robot.disconnect()
    await client.auth.deleteApiKey(mine._id)
    await client.security.deleteApiKey('ann', theirs._id)
    expect(await client.auth.searchApiKeys({})).toMatchObject({ total: 0 })
  })

  test('tokens: refreshed, revoked, logged out', async () => {
    const before = client.jwt
    await client.auth.refreshToken({ expiresIn: '2h' })
    expect(client.jwt).not.toBe(before)
    const ann = await connect()
    await ann.auth.login('local', { username: 'ann', password: 'secret-3' })
    await ask('revokeTokens', { _id: 'ann' })
    await expect(ann.auth.getCurrentUser()).rejects.toMatchObject({ id: 'security.token.invalid' })
    ann.disconnect()
    const again = await connect()
    await again.auth.login('local', { username: 'ann', password: 'secret-3' })
    const token = again.jwt
    await client.security.updateRole('reader', { controllers: { auth: { actions: { '*': true } } } })
    await client.security.updateProfile('clerk', { policies: [{ roleId: 'reader' }] })
    await again.auth.logout()
    again.disconnect()
    expect(await client.auth.checkToken(token)).toMatchObject({ valid: false })
  })

  test('what is made is deleted, one by one and many at once', async () => {
    await expect(client.security.deleteRole('reader')).rejects.toMatchObject({ id: 'security.role.in_use', status: 412 })
    await expect(client.security.deleteProfile('clerk')).rejects.toMatchObject({ id: 'security.profile.in_use', status: 412 })
    expect(await client.security.deleteUser('ann')).toMatchObject({ _id: 'ann' })
    expect(await client.security.mDeleteUsers(['guest', 'new'])).toEqual(['guest', 'new'])
    expect(await client.security.deleteProfile('clerk')).toMatchObject({ _id: 'clerk' })
    expect(await client.security.mDeleteRoles(['reader', 'forced'])).toEqual(['reader', 'forced'])
    await client.security.createProfile('late', { policies: [{ roleId: 'default' }] })
    expect(await client.security.mDeleteProfiles(['late'])).toEqual(['late'])
    const partly = await client.query({ controller: 'security', action: 'mDeleteUsers', body: { ids: ['ghost'] } }).catch((error: { status: number; id: string }) => error)
    expect(partly).toMatchObject({ status: 206, id: 'services.storage.incomplete_delete' })
  })

  test('all of security at once', async () => {
    expect(await client.query({ controller: 'admin', action: 'loadSecurities', body: { roles: { loaded: { controllers: { document: { actions: { get: true } } } } } } })).toMatchObject({ result: { acknowledge: true } })
    expect(await client.security.getRole('loaded')).toMatchObject({ _id: 'loaded' })
    expect(await client.query({ controller: 'security', action: 'restrictDefaultRights' })).toMatchObject({ status: 200 })
    expect(await client.query({ controller: 'admin', action: 'resetSecurity' })).toMatchObject({ result: { deletedUsers: 1, deletedProfiles: 0, deletedRoles: 1 } })
    client.jwt = null as unknown as string
    expect(await client.server.adminExists({})).toBe(false)
  })

  test('no method of these controllers was forgotten', () => {
    expect(uncalled()).toEqual([])
  })
})
