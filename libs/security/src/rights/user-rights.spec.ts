import { describe, expect, test } from '@jest/globals'
import fc from '../../../../test/support/property-testing.js'
import { CompiledRole, type RoleControllers } from './compiled-role.js'
import { UserRights, type GrantedPolicy, type Restriction } from './user-rights.js'

type Short = Record<string, Record<string, boolean>>

const controllersOf = (short: Short): RoleControllers => Object.fromEntries(Object.entries(short).map(([name, actions]) => [name, { actions }]))
const policy = (short: Short, restrictedTo?: readonly Restriction[]): GrantedPolicy => ({ role: new CompiledRole(controllersOf(short)), restrictedTo })
const rights = (...policies: GrantedPolicy[]): UserRights => new UserRights(policies, 0)

describe('somebody\'s rights', () => {
  test('are nothing without a policy', () => {
    expect(rights().allows('server', 'now', {})).toBe(false)
    expect(rights().allows('*', '*', {})).toBe(false)
    expect(rights().list()).toEqual([])
  })

  test('are what one policy at least allows', () => {
    const both = rights(policy({ document: { get: true } }), policy({ document: { get: false, create: true }, index: { list: true } }))
    expect(both.allows('document', 'get', {})).toBe(true)
    expect(both.allows('document', 'create', {})).toBe(true)
    expect(both.allows('index', 'list', {})).toBe(true)
    expect(both.allows('index', 'create', {})).toBe(false)
  })

  test('of one role that allows all are not lessened by another that names less', () => {
    const both = rights(policy({ '*': { '*': true } }), policy({ document: { get: false } }))
    expect(both.allows('document', 'get', {})).toBe(true)
    expect(both.allows('anything', 'at all', {})).toBe(true)
  })

  describe('with restrictions', () => {
    const clerk = rights(policy({ document: { get: true } }, [{ index: 'shop', collections: ['orders', 'stock'] }, { index: 'open' }, { index: 'empty', collections: [] }]))
    const may = (index?: unknown, collection?: unknown): boolean => clerk.allows('document', 'get', { index, collection })

    test('hold in the collections that are listed', () => {
      expect(may('shop', 'orders')).toBe(true)
      expect(may('shop', 'stock')).toBe(true)
      expect(may('shop', 'people')).toBe(false)
      expect(may('shop')).toBe(false)
    })

    test('hold in a whole index that lists none', () => {
      expect(may('open', 'anything')).toBe(true)
      expect(may('open')).toBe(true)
      expect(may('empty', 'anything')).toBe(true)
    })

    test('do not hold elsewhere', () => {
      expect(may('vault', 'orders')).toBe(false)
      expect(may('Shop', 'orders')).toBe(false)
      expect(may('__proto__', 'orders')).toBe(false)
    })

    test('are no matter for a request that names no index', () => {
      expect(may()).toBe(true)
      expect(may(null)).toBe(true)
      expect(may('')).toBe(true)
    })

    test('never make up for an action that is not allowed', () => {
      expect(clerk.allows('document', 'delete', {})).toBe(false)
      expect(clerk.allows('document', 'delete', { index: 'shop', collection: 'orders' })).toBe(false)
      expect(clerk.allows('document', 'delete', { targets: [] })).toBe(false)
    })

    test('deny places that are no names', () => {
      for (const index of [['shop'], {}, true, 7]) expect(may(index, 'orders')).toBe(false)
      for (const collection of [['orders'], {}, true, null]) expect(may('shop', collection)).toBe(false)
    })
  })

  test('in several places add up', () => {
    const both = rights(
      policy({ document: { get: true } }, [{ index: 'shop', collections: ['orders'] }]),
      policy({ document: { '*': true } }, [{ index: 'shop', collections: ['stock'] }, { index: 'vault' }]),
    )
    expect(both.allows('document', 'get', { index: 'shop', collection: 'orders' })).toBe(true)
    expect(both.allows('document', 'get', { index: 'shop', collection: 'stock' })).toBe(true)
    expect(both.allows('document', 'delete', { index: 'shop', collection: 'orders' })).toBe(false)
    expect(both.allows('document', 'delete', { index: 'vault', collection: 'x' })).toBe(true)
  })

  test('without a restriction in one policy hold everywhere', () => {
    const both = rights(policy({ document: { get: true } }, [{ index: 'shop' }]), policy({ document: { get: true } }))
    expect(both.allows('document', 'get', { index: 'vault', collection: 'x' })).toBe(true)
  })

  test('an index listed wholly and in part is listed wholly, in whichever order', () => {
    const restrictions: Restriction[] = [{ index: 'shop', collections: ['orders'] }, { index: 'shop' }]
    for (const restrictedTo of [restrictions, [...restrictions].reverse()]) {
      expect(rights(policy({ document: { get: true } }, restrictedTo)).allows('document', 'get', { index: 'shop', collection: 'stock' })).toBe(true)
    }
  })

  describe('by targets', () => {
    const clerk = rights(policy({ document: { search: true } }, [{ index: 'shop', collections: ['orders'] }, { index: 'open' }]))
    const admin = rights(policy({ '*': { '*': true } }))
    const search = (who: UserRights, targets: unknown): boolean => who.allows('document', 'search', { targets })

    test('hold when every target is allowed', () => {
      expect(search(clerk, [{ index: 'shop', collections: ['orders'] }, { index: 'open', collections: ['a', 'b'] }])).toBe(true)
      expect(search(clerk, [{ index: 'shop', collections: ['orders'] }, { index: 'vault', collections: ['a'] }])).toBe(false)
      expect(search(clerk, [{ index: 'shop', collections: ['orders', 'stock'] }])).toBe(false)
    })

    test('of a whole index need the whole index', () => {
      expect(search(clerk, [{ index: 'open' }])).toBe(true)
      expect(search(clerk, [{ index: 'shop' }])).toBe(false)
      expect(search(clerk, [{ index: 'shop', collections: [] }])).toBe(false)
    })

    test.each([
      [[{ index: '*' }]], [[{ index: 'sh*', collections: ['orders'] }]], [[{ index: 'shop', collections: ['*'] }]], [[{ index: 'shop,open', collections: ['orders'] }]],
      [[null, { index: 'open', collections: ['a', 7, 'b*'] }]],
    ])('with wildcards are denied to everybody: %j', (targets) => {
      expect(search(clerk, targets)).toBe(false)
      expect(search(admin, targets)).toBe(false)
    })

    test.each([
      [[{ index: '', collections: ['orders'] }]], [[{ collections: ['orders'] }]], [[null]], [['shop']], [[['shop']]], ['shop'], [{}], [null], [7], [true], [[{ index: 'open', collections: 'orders' }]],
    ])('of another shape are denied where places are restricted, and otherwise left to the action, which says what is wrong: %j', (targets) => {
      expect(search(clerk, targets)).toBe(false)
      expect(search(admin, targets)).toBe(true)
    })
  })

  describe('as a list', () => {
    test('name each place', () => {
      expect(rights(policy({ document: { get: true, delete: false } }, [{ index: 'shop', collections: ['orders', 'stock'] }, { index: 'open' }])).list()).toEqual([
        { controller: 'document', action: 'get', index: 'shop', collection: 'orders', value: 'allowed' },
        { controller: 'document', action: 'get', index: 'shop', collection: 'stock', value: 'allowed' },
        { controller: 'document', action: 'get', index: 'open', collection: '*', value: 'allowed' },
        { controller: 'document', action: 'delete', index: 'shop', collection: 'orders', value: 'denied' },
        { controller: 'document', action: 'delete', index: 'shop', collection: 'stock', value: 'denied' },
        { controller: 'document', action: 'delete', index: 'open', collection: '*', value: 'denied' },
      ])
    })

    test('show what is allowed by one and denied by another as allowed, once', () => {
      const [yes, no] = [policy({ document: { get: true } }), policy({ document: { get: false } })]
      const expected = [{ controller: 'document', action: 'get', index: '*', collection: '*', value: 'allowed' }]
      expect(rights(yes, no).list()).toEqual(expected)
      expect(rights(no, yes).list()).toEqual(expected)
    })
  })

  test('agree with the rules read one by one, for any roles and requests', () => {
    const name = fc.constantFrom('a', 'b', '*')
    const short = fc.dictionary(name, fc.dictionary(name, fc.boolean(), { minKeys: 1 }), { minKeys: 1 })
    const restriction = fc.record({ index: fc.constantFrom('i', 'j'), collections: fc.option(fc.array(fc.constantFrom('c', 'd'), { maxLength: 2 }), { nil: undefined }) })
    const policies = fc.array(fc.record({ short, restrictedTo: fc.option(fc.array(restriction, { maxLength: 3 }), { nil: undefined }) }), { maxLength: 4 })
    const request = fc.record({ controller: fc.constantFrom('a', 'b', 'z'), action: fc.constantFrom('a', 'b', 'z'), index: fc.constantFrom('i', 'j', 'k', undefined), collection: fc.constantFrom('c', 'd', undefined) })
    fc.assert(fc.property(policies, request, (given, { controller, action, index, collection }) => {
      const compiled = rights(...given.map(({ short: controllers, restrictedTo }) => policy(controllers, restrictedTo)))
      const expected = given.some(({ short: controllers, restrictedTo }) => {
        const actions = controllers[controller] ?? controllers['*']
        if ((actions?.[action] ?? actions?.['*']) !== true) return false
        if (!restrictedTo || restrictedTo.length === 0 || index === undefined) return true
        return restrictedTo.some((one) => one.index === index && (!one.collections || one.collections.length === 0 || one.collections.includes(collection as 'c')))
      })
      expect(compiled.allows(controller, action, { index, collection })).toBe(expected)
    }), { numRuns: 1000 })
  })
})
