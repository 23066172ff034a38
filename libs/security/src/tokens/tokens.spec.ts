import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openTestSecurity, type TestSecurity } from '../../../../test/support/open-test-security.js'
import { Signer } from './signer.js'

let host: TestSecurity
beforeEach(async () => {
  host = await openTestSecurity()
  for (const id of ['ann', 'bob']) await host.security.services.users.create(id, { profileIds: ['default'] })
})
afterEach(() => host.close())

const services = (): TestSecurity['security']['services'] => host.security.services
const records = (collection: 'tokens' | 'api-keys'): Promise<number> => host.store.count({ scope: 'internal', index: 'security', collection })
const invalid = { id: 'security.token.invalid', status: 401 }

describe('tokens', () => {
  test('are a JWT with a prefix, whose record holds no token', async () => {
    const token = await services().tokens.issue('ann')
    expect(token).toMatchObject({ userId: 'ann', ttl: 3_600_000, singleUse: false, refreshed: false, type: 'authToken' })
    expect(token._id).toBe(`ann#${token.jwt}`)
    expect(await records('tokens')).toBe(1)
    expect(JSON.parse(JSON.stringify(token))).toEqual({ userId: 'ann', expiresAt: token.expiresAt, ttl: 3_600_000, singleUse: false, type: 'authToken', refreshed: false })
  })

  test('are known once verified, and verified once by many at the same time', async () => {
    const { jwt } = await services().tokens.issue('ann')
    expect(services().tokens.known(jwt, { id: null, protocol: null })).toBeUndefined()
    const sessions = await Promise.all(Array.from({ length: 10 }, () => services().tokens.verify(jwt)))
    expect(new Set(sessions).size).toBe(1)
    expect(services().tokens.known(jwt, { id: null, protocol: null })).toBe(sessions[0])
  })

  test('that are revoked are gone, record and all; twice is no matter', async () => {
    const token = await services().tokens.issue('ann')
    await services().tokens.verify(token.jwt)
    await services().tokens.revoke(token)
    await services().tokens.revoke(token)
    expect(await records('tokens')).toBe(0)
    await expect(services().tokens.verify(token.jwt)).rejects.toMatchObject(invalid)
  })

  test('of one user are revoked all at once, others are not', async () => {
    const tokens = await Promise.all(['ann', 'ann', 'bob'].map((id) => services().tokens.issue(id)))
    await services().tokens.revokeAll('ann')
    const outcomes = await Promise.allSettled(tokens.map(({ jwt }) => services().tokens.verify(jwt)))
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
  })

  test('of a user who changed are good for nobody who comes while they are read anew', async () => {
    const { jwt } = await services().tokens.issue('ann')
    await services().tokens.verify(jwt)
    await services().users.update('ann', { profileIds: ['admin'] }, null)
    const first = services().tokens.verify(jwt)
    expect(services().tokens.known(jwt, { id: null, protocol: null })).toBeUndefined()
    await services().users.update('ann', { profileIds: ['anonymous'] }, null)
    const sessions = await Promise.all([first, services().tokens.verify(jwt), services().tokens.verify(jwt)])
    expect(sessions.map(({ user }) => user.profileIds)).toEqual([['anonymous'], ['anonymous'], ['anonymous']])
    expect(services().tokens.known(jwt, { id: null, protocol: null })).toBe(sessions[0])
  })

  test('of a user who is gone are 404 as long as their record is there', async () => {
    const { jwt } = await services().tokens.issue('ann')
    await services().users.delete('ann')
    await expect(services().tokens.verify(jwt)).rejects.toMatchObject({ id: 'security.user.not_found', status: 404 })
  })

  test('that have ended are refused, and their records removed at the next start', async () => {
    const { jwt } = await services().tokens.issue('ann', { expiresIn: 10 })
    const endless = await services().tokens.issue('ann', { expiresIn: -1 })
    await services().tokens.issue('bob')
    await new Promise((resolve) => setTimeout(resolve, 15))
    await expect(services().tokens.verify(jwt)).rejects.toMatchObject(invalid)
    const again = await openTestSecurity({}, { store: host.store })
    expect(await records('tokens')).toBe(2)
    expect((await again.security.services.tokens.verify(endless.jwt)).user._id).toBe('ann')
    await again.close()
  })

  test('for single use are used up by the first who verifies them', async () => {
    const { jwt } = await services().tokens.issue('ann', { singleUse: true })
    expect((await services().tokens.verify(jwt)).token.singleUse).toBe(true)
    await expect(services().tokens.verify(jwt)).rejects.toMatchObject(invalid)
    expect(services().tokens.known(jwt, { id: null, protocol: null })).toBeUndefined()
  })

  test('for single use must end', async () => {
    await expect(services().tokens.issue('ann', { singleUse: true, expiresIn: -1 })).rejects.toMatchObject({ id: 'security.token.invalid_expiration' })
  })

  test('that carry another user than their record are refused', async () => {
    const { jwt } = await services().tokens.issue('ann')
    const places = { scope: 'internal', index: 'security', collection: 'tokens' } as const
    const { hits: [record] } = await host.store.search(places, {})
    await host.store.update(places, { _id: record?._id, body: { userId: 'bob' } })
    await expect(services().tokens.verify(jwt)).rejects.toMatchObject(invalid)
  })

  describe('when refreshed', () => {
    test('give way to a new one, which may live otherwise', async () => {
      const { token } = await services().tokens.verify((await services().tokens.issue('ann')).jwt)
      const fresh = await services().tokens.refresh(token, '2h')
      expect(fresh).toMatchObject({ userId: 'ann', ttl: 7_200_000 })
      expect(fresh.jwt).not.toBe(token.jwt)
      expect(token.refreshed).toBe(true)
      await expect(services().tokens.refresh(token)).rejects.toMatchObject(invalid)
    })

    test('keep their connections, which are told of the end of the new one', async () => {
      const ended: unknown[] = []
      host.security.onTokenEnd((one) => ended.push(one))
      const session = await services().tokens.verify((await services().tokens.issue('ann')).jwt)
      services().tokens.link(session, 'socket-1')
      const fresh = await services().tokens.refresh(session.token)
      await services().tokens.revoke(session.token)
      expect(ended).toEqual([])
      await services().tokens.revoke(fresh)
      expect(ended).toEqual([{ connectionId: 'socket-1', userId: 'ann', reason: 'revoked' }])
    })

    test('to a lifetime that is none stay as they are', async () => {
      const { token } = await services().tokens.verify((await services().tokens.issue('ann')).jwt)
      await expect(services().tokens.refresh(token, 'soon')).rejects.toMatchObject({ id: 'security.token.invalid_expiration' })
      expect(token.refreshed).toBe(false)
      await services().tokens.refresh(token)
    })

    test('are refused when there is none, or it cannot be', async () => {
      await expect(services().tokens.refresh(null)).rejects.toMatchObject(invalid)
      const endless = await services().tokens.verify((await services().tokens.issue('ann', { expiresIn: -1 })).jwt)
      await expect(services().tokens.refresh(endless.token)).rejects.toMatchObject({ id: 'security.token.refresh_forbidden', status: 401 })
      const key = await services().apiKeys.create('ann', { description: 'robot', by: null })
      const { token } = await services().tokens.verify(key._source.token as string)
      await expect(services().tokens.refresh(token)).rejects.toMatchObject({ id: 'security.token.refresh_forbidden' })
    })
  })
})

describe('API keys', () => {
  const keys = (): TestSecurity['security']['services']['apiKeys'] => services().apiKeys

  test('are shown once, and last for ever unless they say otherwise', async () => {
    const key = await keys().create('ann', { description: 'robot', by: 'boss' })
    expect(key).toEqual({
      _id: expect.stringMatching(/^[\da-f-]{36}$/),
      _source: {
        userId: 'ann', description: 'robot', expiresAt: -1, ttl: -1, fingerprint: expect.stringMatching(/^[\da-f]{64}$/), token: expect.stringMatching(/^kapikey-/),
        _kuzzle_info: { author: 'boss', createdAt: expect.any(Number), updatedAt: null, updater: null },
      },
    })
    const { hits, total } = await keys().search('ann', undefined, { size: 10 })
    expect(total).toBe(1)
    expect(hits[0]?._source).toEqual({ userId: 'ann', description: 'robot', expiresAt: -1, ttl: -1, fingerprint: key._source.fingerprint })
  })

  test('are used like a token', async () => {
    const { _source } = await keys().create('ann', { id: 'my-key', description: 'robot', expiresIn: '1h', by: null })
    const { user, token } = await services().tokens.verify(_source.token as string)
    expect([user._id, token.type, token.ttl]).toEqual(['ann', 'apiKey', 3_600_000])
  })

  test('of one id are one', async () => {
    await keys().create('ann', { id: 'my-key', description: 'robot', by: null })
    await expect(keys().create('bob', { id: 'my-key', description: 'thief', by: null })).rejects.toMatchObject({ id: 'services.storage.document_already_exists' })
  })

  test('that were made anew under the same id do not let the old one in', async () => {
    const old = await keys().create('ann', { id: 'my-key', description: 'robot', by: null })
    await keys().delete('ann', 'my-key')
    await keys().create('ann', { id: 'my-key', description: 'robot', expiresIn: '1h', by: null })
    await expect(services().tokens.verify(old._source.token as string)).rejects.toMatchObject(invalid)
  })

  test('are found and deleted by their own user only', async () => {
    await keys().create('ann', { id: 'of-ann', description: 'robot', by: null })
    await keys().create('bob', { id: 'of-bob', description: 'robot', by: null })
    for (const query of [undefined, { match_all: {} }, { match: { description: 'robot' } }, { bool: { should: [{ term: { userId: 'bob' } }, { term: { userId: 'ann' } }] } }]) {
      expect((await keys().search('ann', query, { size: 10 })).hits.map(({ _id }) => _id)).toEqual(['of-ann'])
    }
    expect((await keys().search('ann', { equals: { description: 'robot' } }, { size: 10, lang: 'koncorde' })).total).toBe(1)
    await expect(keys().delete('ann', 'of-bob')).rejects.toMatchObject({ id: 'services.storage.not_found', status: 404 })
    await keys().delete('bob', 'of-bob')
    expect(await records('api-keys')).toBe(1)
  })

  test('stay good when their user logs out', async () => {
    const { _source } = await keys().create('ann', { description: 'robot', by: null })
    const { token } = await services().tokens.verify(_source.token as string)
    await services().tokens.revoke(token)
    await services().tokens.revokeAll('ann')
    expect((await services().tokens.verify(_source.token as string)).user._id).toBe('ann')
  })

  test('live no longer than allowed', async () => {
    const strict = await openTestSecurity({ apiKeyMaxTTL: 1000 })
    await expect(strict.security.services.apiKeys.create('ann', { description: 'robot', by: null })).rejects.toMatchObject({ id: 'security.token.ttl_exceeded' })
    await strict.close()
  })
})

describe('the secret', () => {
  test('is made at the first start and kept', async () => {
    const stored = async (): Promise<unknown> => (await host.store.get({ scope: 'internal', index: 'security', collection: 'settings' }, 'jwt-secret'))._source.secret
    const secret = await stored()
    expect(Buffer.from(secret as string, 'base64')).toHaveLength(64)
    const signers = await Promise.all(Array.from({ length: 5 }, async () => {
      const signer = new Signer(host.store)
      await signer.start()
      return signer
    }))
    const jwt = await signers[0]?.sign({ userId: 'ann', id: '1' }, -1) as string
    for (const signer of signers) expect(await signer.verify(jwt)).toEqual({ userId: 'ann', id: '1' })
    expect(await stored()).toBe(secret)
  })

  test('of the configuration is used instead, and is not stored', async () => {
    const signer = new Signer(host.store, 'given, and long enough to be one')
    await signer.start()
    const other = new Signer(host.store)
    await other.start()
    await expect(other.verify(await signer.sign({ userId: 'ann', id: '1' }, -1))).rejects.toMatchObject(invalid)
  })

  test('is needed before anything is signed', async () => {
    await expect(new Signer(host.store).sign({ userId: 'ann', id: '1' }, -1)).rejects.toMatchObject({ id: 'security.token.generation_failed' })
  })
})
