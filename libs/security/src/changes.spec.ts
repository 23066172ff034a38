import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Request } from '@mortise/sdk'
import { httpRequest, openTestSecurity, type TestSecurity } from '../../../test/support/open-test-security.js'
import { NoOtherNodes, type ChangeFeed, type SecurityChange } from './changes.js'

/** Carries changes between nodes in one process, as text, the way a network would. */
class Wire {
  readonly told: SecurityChange[] = []
  readonly #nodes = new Map<object, (change: SecurityChange) => void>()

  connect(): ChangeFeed {
    const feed: ChangeFeed = {
      tell: (change) => {
        this.told.push(change)
        for (const [node, listener] of this.#nodes) if (node !== feed) listener(JSON.parse(JSON.stringify(change)) as SecurityChange)
      },
      onChange: (listener) => {
        this.#nodes.set(feed, listener)
        return () => void this.#nodes.delete(feed)
      },
    }
    return feed
  }
}

const get = { controller: 'document', action: 'get', index: 'shop', collection: 'orders' }
/** What travels between nodes takes a moment. */
const arrive = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20))

describe('two nodes on one store', () => {
  let wire: Wire
  let here: TestSecurity
  let there: TestSecurity
  let jwt: string

  beforeEach(async () => {
    wire = new Wire()
    here = await openTestSecurity({}, { changes: wire.connect() })
    there = await openTestSecurity({}, { changes: wire.connect(), store: here.store })
    const { roles, profiles, users, tokens, founding } = here.security.services
    await founding.restrictDefaultRights()
    await roles.create('reader', { controllers: { document: { actions: { get: true } } } })
    await profiles.create('clerk', { policies: [{ roleId: 'reader' }] })
    await users.create('ann', { profileIds: ['clerk'] })
    jwt = (await tokens.issue('ann')).jwt
    await arrive()
  })
  afterEach(async () => {
    await there.close()
    await here.close()
  })

  async function outcome({ security }: TestSecurity, request: Request = httpRequest({ ...get, jwt })): Promise<string> {
    try {
      security.authorize(request, await security.authenticate(request))
      return 'allowed'
    } catch (error) {
      return (error as { id: string }).id
    }
  }

  test('know each other\'s tokens, users, profiles and roles', async () => {
    expect(await outcome(here)).toBe('allowed')
    expect(await outcome(there)).toBe('allowed')
  })

  test('sign by the same secret, whichever was first', async () => {
    const token = await there.security.services.tokens.issue('ann')
    expect(await outcome(here, httpRequest({ ...get, jwt: token.jwt }))).toBe('allowed')
  })

  test('hear of a role that changed', async () => {
    expect(await outcome(there)).toBe('allowed')
    await here.security.services.roles.update('reader', { controllers: { document: { actions: { get: false } } } })
    expect(await outcome(here)).toBe('security.rights.forbidden')
    await arrive()
    expect(await outcome(there)).toBe('security.rights.forbidden')
  })

  test('hear of a role that is gone', async () => {
    const { roles, profiles } = here.security.services
    await profiles.update('clerk', { policies: [{ roleId: 'default' }] })
    await roles.delete('reader')
    await arrive()
    expect(there.security.services.rights.hasRole('reader')).toBe(false)
  })

  test('hear of a profile that changed, and of one that is gone', async () => {
    await here.security.services.profiles.update('clerk', { policies: [{ roleId: 'reader', restrictedTo: [{ index: 'elsewhere' }] }] })
    await arrive()
    expect(await outcome(there)).toBe('security.rights.forbidden')
    await here.security.services.users.update('ann', { profileIds: ['default'] }, null)
    await here.security.services.profiles.delete('clerk')
    await arrive()
    expect(there.security.services.rights.hasProfile('clerk')).toBe(false)
  })

  test('hear of a user who changed', async () => {
    expect(await outcome(there)).toBe('allowed')
    await here.security.services.users.update('ann', { profileIds: ['default'] }, 'boss')
    await arrive()
    expect(await outcome(there)).toBe('security.rights.forbidden')
  })

  test('hear of a token that was revoked', async () => {
    expect(await outcome(there)).toBe('allowed')
    const { token } = await here.security.services.tokens.verify(jwt)
    await here.security.services.tokens.revoke(token)
    await arrive()
    expect(await outcome(there)).toBe('security.token.invalid')
  })

  test('hear of a user whose tokens were all revoked', async () => {
    const other = (await there.security.services.tokens.issue('ann')).jwt
    expect(await outcome(there, httpRequest({ ...get, jwt: other }))).toBe('allowed')
    await here.security.services.tokens.revokeAll('ann')
    await arrive()
    expect(await outcome(there, httpRequest({ ...get, jwt: other }))).toBe('security.token.invalid')
  })

  test('hear of a token that was refreshed, which then lives no longer than its grace period', async () => {
    expect(await outcome(there)).toBe('allowed')
    const { token } = await here.security.services.tokens.verify(jwt)
    await here.security.services.tokens.refresh(token)
    await arrive()
    const again = await there.security.services.tokens.verify(jwt)
    expect(again.token.expiresAt).toBeLessThanOrEqual(Date.now() + 1000)
    await expect(there.security.services.tokens.refresh(again.token)).rejects.toMatchObject({ id: 'security.token.invalid' })
  })

  test('hear of an API key that was deleted', async () => {
    const { _id, _source } = await here.security.services.apiKeys.create('ann', { description: 'robot', by: 'ann' })
    const request = httpRequest({ ...get, jwt: _source.token as string })
    expect(await outcome(there, request)).toBe('allowed')
    await here.security.services.apiKeys.delete('ann', _id)
    await arrive()
    expect(await outcome(there, request)).toBe('security.token.invalid')
  })

  test('use a single-use token once between them', async () => {
    const { jwt: once } = await here.security.services.tokens.issue('ann', { singleUse: true })
    const outcomes = await Promise.all([here, there, here, there].map((node) => outcome(node, httpRequest({ ...get, jwt: once }))))
    expect(outcomes.filter((one) => one === 'allowed')).toHaveLength(1)
  })

  test('tell each other no secret', () => {
    expect(wire.told.length).toBeGreaterThan(0)
    expect(JSON.stringify(wire.told)).not.toContain(jwt.replace('kauth-', ''))
    for (const change of wire.told) expect(['role', 'profile', 'user', 'token']).toContain(change.kind)
  })

  test('stop listening when they close', async () => {
    there.security.close()
    await here.security.services.roles.create('late', { controllers: { document: { actions: { get: true } } } })
    await arrive()
    expect(there.security.services.rights.hasRole('late')).toBe(false)
  })

  test('a change that cannot be read is logged, and the node goes on', async () => {
    const lost = new Wire()
    const feed = lost.connect()
    const alone = await openTestSecurity({}, { changes: lost.connect() })
    await alone.store.deleteIndex('security', 'internal')
    feed.tell({ kind: 'role', id: 'reader' })
    await arrive()
    expect(alone.logged.some((line) => line.startsWith('error:'))).toBe(true)
    await alone.close()
  })
})

test('a host that is alone tells nobody and hears nothing', () => {
  const feed = new NoOtherNodes()
  const stop = feed.onChange()
  expect(feed.tell()).toBeUndefined()
  expect(stop()).toBeUndefined()
})
