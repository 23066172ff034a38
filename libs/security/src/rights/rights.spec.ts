import { beforeEach, describe, expect, test } from '@jest/globals'
import { Rights } from './rights.js'

const allow = (controller: string, action: string): { [name: string]: { actions: Record<string, boolean> } } => ({ [controller]: { actions: { [action]: true } } })

describe('roles and profiles together', () => {
  let rights: Rights
  const ann = { _id: 'ann', profileIds: ['clerk'] }
  const may = (user = ann): boolean => rights.of(user).allows('document', 'get', {})

  beforeEach(() => {
    rights = new Rights()
    rights.setRole('reader', allow('document', 'get'))
    rights.setProfile('clerk', { policies: [{ roleId: 'reader' }] })
  })

  test('give a user what the roles of their profiles allow', () => {
    expect(may()).toBe(true)
    expect(may({ _id: 'bob', profileIds: [] })).toBe(false)
    expect(may({ _id: 'bob', profileIds: ['ghost'] })).toBe(false)
    expect(may({ _id: 'bob', profileIds: ['ghost', 'clerk'] })).toBe(true)
  })

  test('are put together once, as long as nothing changes', () => {
    expect(rights.of(ann)).toBe(rights.of(ann))
    expect(rights.of({ _id: 'bob', profileIds: ['clerk'] })).toBe(rights.of(ann))
  })

  test('a role that changes holds at once', () => {
    expect(may()).toBe(true)
    rights.setRole('reader', allow('document', 'create'))
    expect(may()).toBe(false)
  })

  test('a role that goes gives nothing any more', () => {
    expect(may()).toBe(true)
    rights.removeRole('reader')
    expect(may()).toBe(false)
    expect(rights.hasRole('reader')).toBe(false)
  })

  test('a profile that changes or goes holds at once', () => {
    expect(may()).toBe(true)
    rights.setProfile('clerk', { policies: [{ roleId: 'other' }] })
    expect(may()).toBe(false)
    rights.setProfile('clerk', { policies: [{ roleId: 'reader' }] })
    expect(may()).toBe(true)
    rights.removeProfile('clerk')
    expect(may()).toBe(false)
    expect(rights.hasProfile('clerk')).toBe(false)
  })

  test('a role that comes later counts for profiles that named it before', () => {
    rights.setProfile('writer', { policies: [{ roleId: 'later' }] })
    const bob = { _id: 'bob', profileIds: ['writer'] }
    expect(may(bob)).toBe(false)
    rights.setRole('later', allow('document', 'get'))
    expect(may(bob)).toBe(true)
  })

  test.each([[[10, 200], 200], [[10, 0], 0], [[0], 0], [[5], 5], [[undefined, 7], 0]])('of rate limits %j the most generous holds: %j', (limits, expected) => {
    const ids = limits.map((rateLimit, index) => {
      rights.setProfile(`limited-${index}`, { policies: [{ roleId: 'reader' }], rateLimit })
      return `limited-${index}`
    })
    expect(rights.ofProfiles(ids).rateLimit).toBe(expected)
  })

  test('tell which profiles hold a role', () => {
    rights.setProfile('boss', { policies: [{ roleId: 'admin' }, { roleId: 'reader' }] })
    expect(rights.profilesWith('reader')).toEqual(['clerk', 'boss'])
    expect(rights.profilesWith('nothing')).toEqual([])
  })

  test('tell which roles say something about a controller', () => {
    rights.setRole('all', allow('*', '*'))
    rights.setRole('other', allow('index', 'list'))
    expect(rights.rolesNaming(['document'])).toEqual(['reader', 'all'])
    expect(rights.rolesNaming([])).toEqual(['all'])
  })
})
