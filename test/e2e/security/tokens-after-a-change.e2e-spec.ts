import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openSocket } from '../../support/start-doors.js'
import { doors, startAttackedHost, type Answer, type AttackedHost, type Door } from '../../support/start-attacked-host.js'

/** A token is worth what its user and their profiles are worth now: a change holds with the next request, over every door and for whoever is connected. */
let host: AttackedHost
beforeEach(async () => { host = await startAttackedHost() })
afterEach(() => host.close())

const one = { index: 'shop', collection: 'orders', _id: 'one' }
const get = (door: Door, jwt = host.ann): Promise<Answer> => host.send(door, { controller: 'document', action: 'get', ...one }, jwt)
const statuses = (jwt?: string): Promise<number[]> => Promise.all(doors.map(async (door) => (await get(door, jwt)).status))
const everywhere = (status: number): number[] => doors.map(() => status)

beforeEach(async () => {
  // Each door has verified the token, and keeps it at hand.
  expect(await statuses()).toEqual(everywhere(200))
})

describe('a user', () => {
  test('who is deleted is gone with the next request', async () => {
    await host.asBoss('deleteUser', { _id: 'ann' })
    expect(await statuses()).toEqual(everywhere(401))
    expect(await host.letsIn(host.ann)).toBe(false)
    expect((await host.send('HTTP', { controller: 'auth', action: 'login', strategy: 'local', body: { username: 'ann', password: 'secret-2' } })).status).toBe(401)
  })

  test('who is made again under the same id does not inherit tokens or API keys', async () => {
    const { _source } = await host.call({ controller: 'auth', action: 'createApiKey', body: { description: 'robot' } }, host.ann)
    await host.asBoss('deleteUser', { _id: 'ann' })
    await host.asBoss('createUser', { _id: 'ann', body: { content: { profileIds: ['admin'] }, credentials: {} } })
    for (const token of [host.ann, _source.token as string]) {
      expect(await statuses(token)).toEqual(everywhere(401))
      expect(await host.letsIn(token)).toBe(false)
    }
  })

  test('whose profile is changed has other rights with the next request', async () => {
    await host.asBoss('updateUser', { _id: 'ann', body: { profileIds: ['default'] } })
    expect(await statuses()).toEqual(everywhere(403))
    await host.asBoss('updateUser', { _id: 'ann', body: { profileIds: ['clerk'] } })
    expect(await statuses()).toEqual(everywhere(200))
    await host.asBoss('replaceUser', { _id: 'ann', body: { profileIds: ['default'] } })
    expect(await statuses()).toEqual(everywhere(403))
  })

  test('whose password is changed has it checked from then on', async () => {
    await host.asBoss('updateCredentials', { strategy: 'local', _id: 'ann', body: { username: 'ann', password: 'secret-3' } })
    expect((await host.send('WebSocket', { controller: 'auth', action: 'login', strategy: 'local', body: { username: 'ann', password: 'secret-2' } })).status).toBe(401)
    expect(await host.logIn('ann', 'secret-3')).toMatch(/^kauth-/)
  })

  test('who is deleted hears nothing more of what a socket of theirs subscribed to', async () => {
    const listener = await openSocket(host.port)
    expect(await listener.ask({ controller: 'realtime', action: 'subscribe', index: 'shop', collection: 'orders', body: {}, jwt: host.ann })).toMatchObject({ status: 200 })
    await host.asBoss('deleteUser', { _id: 'ann' })
    expect(await listener.receive()).toMatchObject({ type: 'TokenExpired' })
    await host.call({ controller: 'document', action: 'create', index: 'shop', collection: 'orders', body: { n: 1 } }, host.boss)
    expect(await listener.ask({ controller: 'auth', action: 'getCurrentUser', requestId: 'next', jwt: host.boss })).toMatchObject({ requestId: 'next' })
    listener.socket.close()
  })

  test('does not keep a token by refreshing it after the end', async () => {
    await host.asBoss('revokeTokens', { _id: 'ann' })
    for (const door of doors) expect((await host.send(door, { controller: 'auth', action: 'refreshToken' }, host.ann)).status).toBe(401)
  })
})

describe('a profile', () => {
  test('that is restricted holds with the next request', async () => {
    await host.asBoss('updateProfile', { _id: 'clerk', body: { policies: [{ roleId: 'reader', restrictedTo: [{ index: 'elsewhere' }] }] } })
    expect(await statuses()).toEqual(everywhere(403))
  })

  test('that is taken away leaves its users with what anonymous users may do', async () => {
    await host.asBoss('deleteProfile', { _id: 'clerk', onAssignedUsers: 'remove' })
    expect(await statuses()).toEqual(everywhere(403))
    expect((await host.asBoss('getUser', { _id: 'ann' }))._source).toMatchObject({ profileIds: ['anonymous'] })
  })
})

describe('a role', () => {
  test('that is changed holds with the next request', async () => {
    await host.asBoss('updateRole', { _id: 'reader', body: { controllers: { document: { actions: { get: false } } } } })
    expect(await statuses()).toEqual(everywhere(403))
  })

  test('that is replaced under way holds for what comes after', async () => {
    const before = doors.map((door) => get(door))
    await host.asBoss('createOrReplaceRole', { _id: 'reader', body: { controllers: { auth: { actions: { login: true } } } } })
    for (const { status } of await Promise.all(before)) expect([200, 403]).toContain(status)
    expect(await statuses()).toEqual(everywhere(403))
  })
})

test('rights that were taken are not told any more, either', async () => {
  await host.asBoss('updateUser', { _id: 'ann', body: { profileIds: ['default'] } })
  const { hits } = await host.call({ controller: 'auth', action: 'getMyRights' }, host.ann)
  expect(JSON.stringify(hits)).not.toContain('"document"')
})
