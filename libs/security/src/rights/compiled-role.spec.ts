import { describe, expect, test } from '@jest/globals'
import { CompiledRole, type RoleControllers } from './compiled-role.js'

const role = (controllers: Record<string, Record<string, boolean>>): CompiledRole =>
  new CompiledRole(Object.fromEntries(Object.entries(controllers).map(([name, actions]) => [name, { actions }])))

describe('a role', () => {
  test('allows what it names', () => {
    const reader = role({ document: { get: true, delete: false } })
    expect(reader.allows('document', 'get')).toBe(true)
    expect(reader.allows('document', 'delete')).toBe(false)
  })

  test('denies what it does not name', () => {
    const reader = role({ document: { get: true } })
    expect(reader.allows('document', 'create')).toBe(false)
    expect(reader.allows('index', 'get')).toBe(false)
  })

  test('allows any action by "*", but those that it names otherwise', () => {
    const writer = role({ document: { '*': true, delete: false } })
    expect(writer.allows('document', 'anything')).toBe(true)
    expect(writer.allows('document', 'delete')).toBe(false)
  })

  test('allows an action that it names though "*" is denied', () => {
    expect(role({ document: { '*': false, get: true } }).allows('document', 'get')).toBe(true)
  })

  test('uses "*" for controllers that it does not name, and only for those', () => {
    const mixed = role({ '*': { '*': true }, document: { get: true } })
    expect(mixed.allows('index', 'create')).toBe(true)
    expect(mixed.allows('document', 'get')).toBe(true)
    // A controller that is named hides "*" wholly: nothing is merged.
    expect(mixed.allows('document', 'create')).toBe(false)
  })

  test('takes nothing but true for yes', () => {
    for (const value of [1, 'true', {}, [], null, 'yes']) {
      const odd = new CompiledRole({ document: { actions: { get: value } } } as unknown as RoleControllers)
      expect(odd.allows('document', 'get')).toBe(false)
    }
  })

  test.each([['ms', 'memoryStorage'], ['memoryStorage', 'ms'], ['ms', 'ms'], ['memoryStorage', 'memoryStorage']])('that names %s allows %s', (named, asked) => {
    expect(role({ [named]: { get: true } }).allows(asked, 'get')).toBe(true)
  })

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('knows nothing of "%s" unless it says so', (name) => {
    const reader = role({ document: { get: true } })
    expect(reader.allows(name, 'get')).toBe(false)
    expect(reader.allows('document', name)).toBe(false)
    expect(new CompiledRole(JSON.parse(`{"${name}":{"actions":{"get":true}}}`) as RoleControllers).allows(name, 'get')).toBe(true)
  })

  test('lists what it says', () => {
    expect([...role({ document: { get: true, delete: false }, '*': { now: true } }).entries()]).toEqual([
      { controller: 'document', action: 'get', isAllowed: true },
      { controller: 'document', action: 'delete', isAllowed: false },
      { controller: '*', action: 'now', isAllowed: true },
    ])
  })
})
