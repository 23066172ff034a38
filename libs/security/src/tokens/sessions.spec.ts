import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { Rights } from '../rights/rights.js'
import { Person } from '../entities/person.js'
import { IssuedToken } from './issued-token.js'
import { Session, type EndedConnection } from './session.js'
import { Sessions } from './sessions.js'

describe('verified tokens', () => {
  let sessions: Sessions
  let ended: EndedConnection[]

  beforeEach(() => {
    jest.useFakeTimers({ now: 1_700_000_000_000 })
    sessions = new Sessions()
    ended = []
    sessions.onEnd((one) => ended.push(one))
  })
  afterEach(() => {
    sessions.clear()
    jest.useRealTimers()
  })

  function open(jwt: string, { ttl = 60_000, userId = 'ann' } = {}): Session {
    const token = new IssuedToken({ userId, jwt, ttl, expiresAt: ttl === -1 ? -1 : Date.now() + ttl, type: 'authToken' })
    const session = new Session(`id-${jwt}`, new Person(userId, { profileIds: ['default'] }, new Rights()), token)
    sessions.add(session)
    return session
  }

  test('are found until they end', () => {
    const session = open('a', { ttl: 5000 })
    expect(sessions.find('a')).toBe(session)
    jest.advanceTimersByTime(4999)
    expect(sessions.find('a')).toBe(session)
    jest.advanceTimersByTime(1)
    expect(sessions.find('a')).toBeUndefined()
    expect(sessions.find('unknown')).toBeUndefined()
  })

  test('without an end are found for ever, and no timer waits for them', () => {
    open('a', { ttl: -1 })
    expect(jest.getTimerCount()).toBe(0)
    jest.advanceTimersByTime(1e12)
    expect(sessions.find('a')).toBeDefined()
  })

  test('tell the connections that used them when they expire', () => {
    sessions.link(open('a', { ttl: 5000 }), 'socket-1')
    sessions.link(open('b', { ttl: 9000 }), 'socket-2')
    jest.advanceTimersByTime(6000)
    expect(ended).toEqual([{ connectionId: 'socket-1', userId: 'ann', reason: 'expired' }])
    jest.advanceTimersByTime(4000)
    expect(ended).toHaveLength(2)
  })

  test('are known by the connection that used them last, until they end, are revoked, or it closes', () => {
    const [first, second] = [open('a', { ttl: 5000 }), open('b')]
    sessions.link(first, 'socket-1')
    expect(sessions.findLatest('socket-1', 'a')).toBe(first)
    expect([sessions.findLatest('socket-1', 'b'), sessions.findLatest('socket-2', 'a')]).toEqual([undefined, undefined])
    sessions.link(second, 'socket-1')
    expect([sessions.findLatest('socket-1', 'a'), sessions.findLatest('socket-1', 'b')]).toEqual([undefined, second])
    sessions.revoke('ann', second.id)
    expect(sessions.findLatest('socket-1', 'b')).toBeUndefined()
    sessions.link(first, 'socket-1')
    jest.advanceTimersByTime(5000)
    expect(sessions.findLatest('socket-1', 'a')).toBeUndefined()
    sessions.link(open('c'), 'socket-1')
    sessions.unlink('socket-1')
    expect(sessions.findLatest('socket-1', 'c')).toBeUndefined()
  })

  test('that replace another are known by its connections at once', () => {
    const [old, fresh] = [open('old'), open('fresh')]
    sessions.link(old, 'socket-1')
    sessions.move(old, fresh)
    expect(sessions.findLatest('socket-1', 'fresh')).toBe(fresh)
    sessions.link(old, 'socket-1')
    sessions.revoke('ann', old.id)
    expect(ended).toEqual([{ connectionId: 'socket-1', userId: 'ann', reason: 'revoked' }])
  })

  test('need one timer, which waits for the one that ends first', () => {
    for (let index = 0; index < 100; index++) open(`token-${index}`, { ttl: 60_000 + index })
    open('first', { ttl: 1000 })
    expect(jest.getTimerCount()).toBe(1)
    jest.advanceTimersByTime(2000)
    expect(jest.getTimerCount()).toBe(1)
    jest.advanceTimersByTime(120_000)
    expect(jest.getTimerCount()).toBe(0)
  })

  test('that end later than a timer can count are waited for in pieces', () => {
    sessions.link(open('a', { ttl: 60 * 86_400_000 }), 'socket-1')
    jest.advanceTimersByTime(59 * 86_400_000)
    expect(ended).toEqual([])
    jest.advanceTimersByTime(86_400_000)
    expect(ended).toHaveLength(1)
  })

  test('that are revoked tell so, and only their own connections', () => {
    sessions.link(open('a'), 'socket-1')
    sessions.link(open('b'), 'socket-2')
    sessions.link(open('c', { userId: 'bob' }), 'socket-3')
    sessions.revoke('ann', 'id-a')
    expect(ended).toEqual([{ connectionId: 'socket-1', userId: 'ann', reason: 'revoked' }])
    sessions.revoke('ann')
    expect(ended.map(({ connectionId }) => connectionId)).toEqual(['socket-1', 'socket-2'])
    expect(sessions.find('a')).toBeUndefined()
    expect(sessions.find('c')).toBeDefined()
  })

  test('of nobody can be revoked', () => {
    expect(() => sessions.revoke('nobody')).not.toThrow()
    expect(() => sessions.revoke('nobody', 'nothing')).not.toThrow()
  })

  test('tell nothing to connections that have closed', () => {
    const session = open('a')
    sessions.link(session, 'socket-1')
    sessions.link(session, 'socket-2')
    sessions.unlink('socket-1')
    sessions.unlink('socket-9')
    sessions.revoke('ann')
    expect(ended.map(({ connectionId }) => connectionId)).toEqual(['socket-2'])
  })

  test('tell a connection once, however often it used them', () => {
    const session = open('a')
    for (let count = 0; count < 5; count++) sessions.link(session, 'socket-1')
    sessions.revoke('ann')
    expect(ended).toHaveLength(1)
  })

  test('hand their connections over to the token that replaces them', () => {
    const [old, fresh] = [open('old', { ttl: 5000 }), open('fresh', { ttl: 60_000 })]
    sessions.link(old, 'socket-1')
    sessions.move(old, fresh)
    sessions.shorten(old, Date.now() + 1000)
    jest.advanceTimersByTime(6000)
    expect(ended).toEqual([])
    expect(sessions.find('old')).toBeUndefined()
    jest.advanceTimersByTime(60_000)
    expect(ended).toEqual([{ connectionId: 'socket-1', userId: 'ann', reason: 'expired' }])
  })

  test('that are shortened end then', () => {
    const session = open('a')
    sessions.shorten(session, Date.now() + 500)
    jest.advanceTimersByTime(499)
    expect(sessions.find('a')).toBe(session)
    jest.advanceTimersByTime(1)
    expect(sessions.find('a')).toBeUndefined()
  })

  test('are marked when their user changes', () => {
    const [ann, bob] = [open('a'), open('b', { userId: 'bob' })]
    sessions.refreshUser('ann')
    sessions.refreshUser('nobody')
    expect([ann.isStale, bob.isStale]).toEqual([true, false])
  })

  test('are so many and no more: the oldest goes, unless a connection holds it', () => {
    const few = new Sessions(3)
    const add = (jwt: string): Session => {
      const session = new Session(jwt, new Person('ann', { profileIds: [] }, new Rights()), new IssuedToken({ userId: 'ann', jwt, ttl: 1000, expiresAt: Date.now() + 1000, type: 'authToken' }))
      few.add(session)
      return session
    }
    few.link(add('held'), 'socket-1')
    for (const jwt of ['b', 'c', 'd', 'e']) add(jwt)
    expect(['held', 'b', 'c', 'd', 'e'].map((jwt) => few.find(jwt) !== undefined)).toEqual([true, false, false, true, true])
    few.clear()
  })

  test('are forgotten all at once, and nobody is told', () => {
    sessions.link(open('a'), 'socket-1')
    sessions.clear()
    expect(sessions.find('a')).toBeUndefined()
    expect(jest.getTimerCount()).toBe(0)
    expect(ended).toEqual([])
  })

  test('are told to as many as listen, until they stop', () => {
    const more: string[] = []
    const stop = sessions.onEnd(({ connectionId }) => more.push(connectionId))
    sessions.link(open('a'), 'socket-1')
    sessions.link(open('b', { userId: 'bob' }), 'socket-2')
    sessions.revoke('ann')
    stop()
    sessions.revoke('bob')
    expect(more).toEqual(['socket-1'])
    expect(ended).toHaveLength(2)
  })
})
