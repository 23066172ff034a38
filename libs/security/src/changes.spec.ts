import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { createError, type Request } from '@mortise/sdk'
import type { Messages } from '@app/storage'
import { httpRequest, openTestSecurity, socketRequest, type TestSecurity } from '../../../test/support/open-test-security.js'
import { RecordingLogger } from '../../../test/support/recording-logger.js'
import { until } from '../../../test/support/until.js'
import { StoreFeed, type ChangeFeed, type SecurityChange } from './changes.js'

/** Carries changes between nodes in one process, as text, the way a network would. */
class Wire {
  readonly told: SecurityChange[] = []
  readonly #nodes = new Map<object, (change: SecurityChange) => void>()
  #isCut = false

  /** Loses what is told until it is mended. */
  cut(): void {
    this.#isCut = true
  }

  /** All nodes learn that they may have missed something. */
  mend(): void {
    this.#isCut = false
    for (const listener of this.#nodes.values()) listener({ kind: 'anything' })
  }

  connect(): ChangeFeed {
    const feed: ChangeFeed = {
      tell: (change) => {
        this.told.push(change)
        if (this.#isCut) return
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

describe('what was missed while the nodes could not hear each other', () => {
  let wire: Wire
  let here: TestSecurity
  let there: TestSecurity

  beforeEach(async () => {
    wire = new Wire()
    here = await openTestSecurity({}, { changes: wire.connect() })
    there = await openTestSecurity({}, { changes: wire.connect(), store: here.store })
    const { roles, profiles, users, founding } = here.security.services
    await founding.restrictDefaultRights()
    await roles.create('reader', { controllers: { document: { actions: { get: true } } } })
    await profiles.create('clerk', { policies: [{ roleId: 'reader' }] })
    await users.create('ann', { profileIds: ['clerk'] })
    await users.create('bob', { profileIds: ['clerk'] })
    await arrive()
  })
  afterEach(async () => {
    await there.close()
    await here.close()
  })

  const issue = async (userId: string): Promise<string> => (await here.security.services.tokens.issue(userId)).jwt

  async function outcome({ security }: TestSecurity, request: Request): Promise<string> {
    try {
      security.authorize(request, await security.authenticate(request))
      return 'allowed'
    } catch (error) {
      return (error as { id: string }).id
    }
  }
  const outcomeThere = (jwt: string): Promise<string> => outcome(there, httpRequest({ ...get, jwt }))

  test.each<[string, (services: TestSecurity['security']['services'], jwt: string) => Promise<unknown>, string]>([
    ['a role that changed', ({ roles }) => roles.update('reader', { controllers: { document: { actions: { get: false } } } }), 'security.rights.forbidden'],
    ['a profile that changed', ({ profiles }) => profiles.update('clerk', { policies: [{ roleId: 'default' }] }), 'security.rights.forbidden'],
    ['a user who changed', ({ users }) => users.update('ann', { profileIds: ['default'] }, null), 'security.rights.forbidden'],
    ['a user who is gone', ({ users }) => users.delete('ann'), 'security.user.not_found'],
    ['a token that was revoked', async ({ tokens }, jwt) => tokens.revoke((await tokens.verify(jwt)).token), 'security.token.invalid'],
    ['a role and a profile that are gone', async ({ roles, profiles, users }) => {
      await users.update('bob', { profileIds: ['default'] }, null)
      await profiles.delete('clerk')
      await roles.delete('reader')
    }, 'security.rights.forbidden'],
  ])('holds with the next request: %s', async (_what, change, outcomeAfter) => {
    const jwt = await issue('ann')
    expect(await outcomeThere(jwt)).toBe('allowed')
    wire.cut()
    await change(here.security.services, jwt)
    expect(await outcomeThere(jwt)).toBe('allowed')
    wire.mend()
    expect(await outcomeThere(jwt)).toBe(outcomeAfter)
  })

  test('holds for API keys, and leaves those alone that are good', async () => {
    const { apiKeys } = here.security.services
    const [gone, kept] = [await apiKeys.create('ann', { description: 'gone', by: null }), await apiKeys.create('ann', { description: 'kept', by: null })]
    const tokens = [gone, kept].map(({ _source }) => _source.token as string)
    expect(await Promise.all(tokens.map(outcomeThere))).toEqual(['allowed', 'allowed'])
    wire.cut()
    await apiKeys.delete('ann', gone._id)
    wire.mend()
    expect(await Promise.all(tokens.map(outcomeThere))).toEqual(['security.token.invalid', 'allowed'])
  })

  test('ends a token that was refreshed with its grace period', async () => {
    const jwt = await issue('ann')
    expect(await outcomeThere(jwt)).toBe('allowed')
    wire.cut()
    const { tokens } = here.security.services
    await tokens.refresh((await tokens.verify(jwt)).token)
    wire.mend()
    const session = await there.security.services.tokens.verify(jwt)
    expect(session.endsAt).toBeLessThanOrEqual(Date.now() + 1000)
    expect(session.token.refreshed).toBe(true)
  })

  test('ends connections whose tokens were revoked, without waiting for their next request', async () => {
    const jwts = [await issue('ann'), await issue('bob')] as const
    for (const [place, jwt] of jwts.entries()) await there.security.authenticate(socketRequest({ ...get, jwt }, `socket-${place}`))
    const ended: string[] = []
    there.security.onTokenEnd(({ connectionId }) => ended.push(connectionId))
    wire.cut()
    await here.security.services.tokens.revokeAll('ann')
    wire.mend()
    await until(() => ended.length, (count) => count > 0)
    await there.security.services.trust.regained()
    expect(ended).toEqual(['socket-0'])
  })

  test('is asked for again until the store answers; meanwhile tokens are refused, and those without go on', async () => {
    const jwt = await issue('ann')
    expect(await outcomeThere(jwt)).toBe('allowed')
    const mGet = jest.spyOn(here.store, 'mGet').mockRejectedValue(createError('services.storage.not_connected'))
    wire.mend()
    expect(await outcomeThere(jwt)).toBe('services.storage.not_connected')
    expect(await outcome(there, httpRequest({ controller: 'server', action: 'now' }))).toBe('security.rights.unauthorized')
    mGet.mockRestore()
    await until(() => outcomeThere(jwt), (seen) => seen === 'allowed')
    expect(there.logged.filter((line) => line.startsWith('warn: Security could not be read anew')).length).toBeGreaterThan(0)
  })

  test('a profile may name a role that another node made a moment ago, and a user such a profile', async () => {
    wire.cut()
    await here.security.services.roles.create('writer', { controllers: { document: { actions: { create: true } } } })
    await there.security.services.profiles.create('author', { policies: [{ roleId: 'writer' }] })
    await here.security.services.users.create('cleo', { profileIds: ['author'] })
    await expect(there.security.services.profiles.create('other', { policies: [{ roleId: 'nobody' }] })).rejects.toMatchObject({ id: 'security.role.not_found' })
    await expect(there.security.services.users.create('dan', { profileIds: ['nobody'] })).rejects.toMatchObject({ id: 'security.profile.not_found' })
  })
})

describe('changes by the messages of the store', () => {
  const change: SecurityChange = { kind: 'user', id: 'ann' }

  /** Messages that fail while `faults` are left. */
  function open(faults: number) {
    const sent: unknown[] = []
    const gaps = new Set<() => void>()
    const messages: Messages = {
      send: async (topic, payload) => {
        if (faults-- > 0) throw new Error('cut')
        sent.push([topic, payload])
      },
      on: () => () => undefined,
      onGap: (listener) => {
        gaps.add(listener)
        return () => void gaps.delete(listener)
      },
    }
    const logger = new RecordingLogger()
    const heard: SecurityChange[] = []
    const feed = new StoreFeed(messages, logger)
    return { feed, sent, gaps, logger, heard, stop: feed.onChange((one) => heard.push(one)) }
  }

  beforeEach(() => { jest.useFakeTimers() })
  afterEach(() => { jest.useRealTimers() })

  test('that cannot be sent are made up for: once they can, others are told that anything may have changed', async () => {
    const { feed, sent, stop } = open(3)
    feed.tell(change)
    feed.tell(change)
    await jest.advanceTimersByTimeAsync(1_000)
    expect(sent).toEqual([])
    await jest.advanceTimersByTimeAsync(1_000)
    expect(sent).toEqual([['security', { kind: 'anything' }]])
    await jest.advanceTimersByTimeAsync(5_000)
    expect(sent).toHaveLength(1)
    stop()
  })

  test('that may have been missed are anything, and nothing is told or heard once it is stopped', async () => {
    const { feed, sent, gaps, heard, stop } = open(1)
    for (const listener of gaps) listener()
    expect(heard).toEqual([{ kind: 'anything' }])
    stop()
    feed.tell(change)
    await jest.advanceTimersByTimeAsync(5_000)
    expect([sent, gaps.size, jest.getTimerCount()]).toEqual([[], 0, 0])
  })
})
