import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createError, type Request, type RequestData } from '@mortise/sdk'
import { callAction } from '../../../../test/support/call-action.js'
import { startBuiltIns, type StartedBuiltIns } from '../../../../test/support/start-built-ins.js'
import { engines, PostgresSchema } from '../../../../test/support/store-engines.js'
import { until } from '../../../../test/support/until.js'
import { KnownTypes } from '../ports/known-types.js'
import type { FieldType } from './field-types.js'
import type { FieldSpecification, Specification } from './specification.js'

const place = { index: 'shop', collection: 'orders' }
let host: StartedBuiltIns

beforeEach(async () => {
  host = await startBuiltIns()
  await host.store.createCollection(place)
})

afterEach(() => host.stop())

const call = (controller: string, action: string, rest: Partial<RequestData> = {}): Promise<Request> =>
  callAction(host.pipeline, { controller, action, ...place, ...rest })

const specify = async (specification: Specification): Promise<void> => {
  expect((await call('collection', 'updateSpecifications', { body: specification })).error).toBeNull()
}

const validate = async (body: Record<string, unknown>): Promise<unknown> => (await call('document', 'validate', { body })).result

describe('a specification', () => {
  test.each<[string, object]>([
    ['has an unknown key', { fieldz: {} }],
    ['has fields that are no object', { fields: [] }],
    ['has a strictness that is no boolean', { strict: 'yes' }],
    ['has a field without type', { fields: { a: {} } }],
    ['has a field of an unknown type', { fields: { a: { type: 'integr' } } }],
    ['has a field with an unknown key', { fields: { a: { type: 'integer', mandatoryy: true } } }],
    ['has an option that its type does not know', { fields: { a: { type: 'boolean', typeOptions: { range: {} } } } }],
    ['has a range upside down', { fields: { a: { type: 'integer', typeOptions: { range: { min: 2, max: 1 } } } } }],
    ['has a length that is no number', { fields: { a: { type: 'string', typeOptions: { length: { max: '3' } } } } }],
    ['has an enumeration without values', { fields: { a: { type: 'enum' } } }],
    ['has a date format that nobody knows', { fields: { a: { type: 'date', typeOptions: { formats: ['someday'] } } } }],
    ['has a date range that starts on no date', { fields: { a: { type: 'date', typeOptions: { range: { min: 'soon' } } } } }],
    ['has a date range upside down', { fields: { a: { type: 'date', typeOptions: { range: { min: '2024-02-01', max: '2024-01-01' } } } } }],
    ['has a date range that is no object', { fields: { a: { type: 'date', typeOptions: { range: '2024-01-01' } } } }],
    ['has a date range with an unknown end', { fields: { a: { type: 'date', typeOptions: { range: { from: '2024-01-01' } } } } }],
    ['has shapes that are no list', { fields: { a: { type: 'geo_shape', typeOptions: { shapeTypes: 'point' } } } }],
    ['has a shape that nobody knows', { fields: { a: { type: 'geo_shape', typeOptions: { shapeTypes: ['star'] } } } }],
    ['has a child without its parent', { fields: { 'a/b': { type: 'integer' } } }],
    ['has a child under a number', { fields: { 'a': { type: 'integer' }, 'a/b': { type: 'integer' } } }],
    ['counts values of a single one', { fields: { a: { type: 'integer', multivalued: { value: false, minCount: 1 } } } }],
    ['counts to less than it starts from', { fields: { a: { type: 'integer', multivalued: { value: true, minCount: 2, maxCount: 1 } } } }],
    ['has a malformed validator', { validators: [{ equalz: { a: 1 } }] }],
  ])('that %s is refused, and changes nothing', async (_, specification) => {
    expect((await call('collection', 'validateSpecifications', { body: specification })).result).toMatchObject({ valid: false, details: [expect.any(String)] })
    expect((await call('collection', 'updateSpecifications', { body: specification })).error?.id).toBe('validation.assert.invalid_specifications')
    expect((await call('collection', 'getSpecifications')).error?.id).toBe('validation.assert.not_found')
  })

  test('needs a collection to belong to', async () => {
    expect((await call('collection', 'updateSpecifications', { collection: 'ghost', body: {} })).error?.id).toBe('services.storage.unknown_collection')
  })

  test('is found again, and goes with its collection', async () => {
    await specify({ strict: true })
    expect((await call('collection', 'searchSpecifications', { body: {} })).result).toMatchObject({
      total: 1, hits: [{ _id: 'shop#orders', _source: { index: 'shop', collection: 'orders', validation: { strict: true } } }],
    })
    await call('collection', 'delete')
    expect((await call('collection', 'searchSpecifications', { body: {} })).result).toMatchObject({ total: 0 })
  })

  test('goes with its index, and when it is deleted', async () => {
    await specify({ strict: true })
    expect((await call('collection', 'deleteSpecifications')).result).toEqual({ acknowledged: true })
    expect((await call('document', 'create', { body: { any: 1 } })).error).toBeNull()
    await specify({ strict: true })
    await call('index', 'delete')
    expect((await call('collection', 'getSpecifications')).error?.id).toBe('validation.assert.not_found')
  })

  test('is still in force after a restart', async () => {
    await specify({ strict: true })
    const again = await startBuiltIns({ store: host.store })
    const answer = await callAction(again.pipeline, { controller: 'document', action: 'create', ...place, body: { any: 1 } })
    expect(answer.error?.id).toBe('validation.check.failed_field')
    await again.stop()
  })
})

test('a stored specification that cannot be read stops the writes of its collection alone, until it is replaced', async () => {
  await host.store.createCollection({ ...place, collection: 'other' })
  await specify({ strict: true })
  await host.store.createOrReplace({ scope: 'internal', index: 'mortise', collection: 'validations' }, {
    _id: 'shop#orders', body: { ...place, validation: { fields: { a: { type: 'of-a-later-version' } } } },
  })
  await call('collection', 'updateSpecifications', { collection: 'other', body: {} })
  const create = (collection: string): Promise<Request> => call('document', 'create', { collection, body: {} })
  expect((await create('other')).error).toBeNull()
  expect((await create('orders')).error).toMatchObject({ id: 'validation.assert.invalid_specifications', message: expect.stringContaining('"shop":"orders"') })
  await specify({})
  expect((await create('orders')).error).toBeNull()
})

describe('types that plugins bring', () => {
  /** Passes what is even; of other numbers it says so later, and fails for what is none. */
  const even: FieldType = {
    options: ['by'],
    checkOptions: (options) => ({ by: 2, ...options }),
    faultOf: async (value, { by }) => {
      if (typeof value !== 'number') throw createError('plugin.runtime.unexpected_error', 'no number')
      return Promise.resolve(value % Number(by) === 0 ? undefined : `it is not divided by ${String(by)}`)
    },
  }
  const bag: FieldType = { options: [], hasChildren: true, strictnessOf: (_, around) => !around, faultOf: () => Promise.resolve(undefined) }
  const said = (words: string): object => ({ messages: [expect.stringContaining(words)] })
  let types: KnownTypes
  const bring = (brought: Record<string, FieldType>): void => types.setOfPlugins(new Map(Object.entries(brought)))

  beforeEach(async () => {
    await host.stop()
    types = new KnownTypes()
    host = await startBuiltIns({ types })
    await host.store.createCollection(place)
  })

  test('are held against documents with the options that they fill in, each fault at its field, in their order', async () => {
    bring({ even, bag })
    await specify({ fields: {
      'a': { type: 'even', multivalued: { value: true } }, 'b': { type: 'integer' }, 'c': { type: 'bag' }, 'c/d': { type: 'even', typeOptions: { by: 3 } },
    } })
    expect(await validate({ a: [2, 4], b: 1, c: { d: 9 } })).toMatchObject({ valid: true })
    expect((await call('document', 'create', { body: { a: [2, 3], b: 'x', c: { d: 7 } } })).error).toMatchObject({ id: 'validation.check.failed_field', message: expect.stringContaining('"a" is not valid: it is not divided by 2') })
    expect(await validate({ a: 2, b: 'x', c: { d: 7, e: 1 } })).toMatchObject({ valid: false, errorMessages: { fieldScope: { children: {
      a: said('it is no list'), b: said('it is no whole number'),
      c: { children: { d: said('it is not divided by 3'), e: said('it is not declared') } },
    } } } })
    expect((await call('collection', 'getSpecifications')).result).toMatchObject({ validation: { fields: { a: { type: 'even', multivalued: { value: true } } } } })
  })

  test('may let values pass that have no fields, unless fields are declared', async () => {
    bring({ bag })
    await specify({ fields: { 'open': { type: 'bag' }, 'full': { type: 'bag' }, 'full/d': { type: 'integer' } } })
    expect(await validate({ open: 'text', full: {} })).toMatchObject({ valid: true })
    expect(await validate({ full: 'text' })).toMatchObject({ errorMessages: { fieldScope: { children: { full: said('it is no object') } } } })
  })

  test('that fail end the request, whatever else is asked about, and nothing is stored', async () => {
    bring({ even })
    await specify({ fields: { a: { type: 'even' }, b: { type: 'even' }, c: { type: 'even' } } })
    for (const action of ['create', 'validate']) {
      expect((await call('document', action, { body: { a: 'x', b: 1, c: 'y' } })).error).toMatchObject({ id: 'plugin.runtime.unexpected_error', status: 500 })
    }
    expect((await call('document', 'count', { body: {} })).result).toEqual({ count: 0 })
  })

  test('come and go while specifications name them', async () => {
    const create = async (a: number): Promise<string | undefined> => (await call('document', 'create', { body: { a } })).error?.message
    bring({ even })
    await specify({ fields: { a: { type: 'even' } } })
    expect(await create(1)).toContain('not divided by 2')
    bring({})
    expect(await create(2)).toContain('the unknown type "even": neither the host nor a plugin that runs brings it. It is that of "shop":"orders"')
    bring({ even: { ...even, checkOptions: () => ({ by: 5 }) } })
    expect([await create(2), await create(5)]).toEqual([expect.stringContaining('not divided by 5'), undefined])
  })

  test('never hide one of the host', async () => {
    bring({ integer: even })
    await specify({ fields: { a: { type: 'integer' } } })
    expect(await validate({ a: 3 })).toMatchObject({ valid: true })
  })
})

const suite = engines.includes('postgres') ? describe : describe.skip

suite('hosts on one PostgreSQL', () => {
  const schema = new PostgresSchema()
  let hosts: StartedBuiltIns[]

  beforeEach(async () => {
    hosts = await Promise.all([startBuiltIns({ store: schema.open() }), startBuiltIns({ store: schema.open() })])
    await hosts[0]!.store.createCollection(place)
  })

  afterEach(async () => {
    for (const each of hosts) await each.stop()
    await schema.drop()
  })

  const ask = (number: number, controller: string, action: string, body?: Record<string, unknown>): Promise<Request> =>
    callAction(hosts[number]!.pipeline, { controller, action, ...place, body })

  const isRefused = async (number: number): Promise<boolean> => (await ask(number, 'document', 'create', { any: 1 })).error?.id === 'validation.check.failed_field'

  test.each([['collection', 'deleteSpecifications'], ['index', 'delete']])('hold documents against what another of them was given, until %s:%s', async (controller, action) => {
    expect([await isRefused(0), await isRefused(1)]).toEqual([false, false])
    await ask(0, 'collection', 'updateSpecifications', { strict: true })
    expect(await isRefused(0)).toBe(true)
    await until(() => isRefused(1), (refused) => refused)
    await ask(1, controller, action)
    await hosts[1]!.store.createCollection(place)
    expect(await isRefused(1)).toBe(false)
    await until(() => isRefused(0), (refused) => !refused)
  })
})

describe('a field', () => {
  const good: [FieldSpecification, unknown][] = [
    [{ type: 'anything' }, { a: [1] }],
    [{ type: 'boolean' }, false],
    [{ type: 'integer', typeOptions: { range: { min: 1, max: 3 } } }, 3],
    [{ type: 'numeric' }, 1.5],
    [{ type: 'string', typeOptions: { length: { max: 3 } } }, 'abc'],
    [{ type: 'email' }, 'ann@example.test'],
    [{ type: 'url' }, 'https://example.test/a'],
    [{ type: 'ip_address' }, '::1'],
    [{ type: 'enum', typeOptions: { values: ['a', 'b'] } }, 'b'],
    [{ type: 'date' }, '2024-02-29'],
    [{ type: 'date', typeOptions: { formats: ['epoch_second'], range: { min: '2020-01-01', max: 'NOW' } } }, 1_600_000_000],
    [{ type: 'date', typeOptions: { formats: ['basic_date'] } }, '20240229'],
    [{ type: 'geo_point' }, [10.5, 106]],
    [{ type: 'geo_shape', typeOptions: { shapeTypes: ['polygon'] } }, { type: 'Polygon', coordinates: [[[0, 0], [0, 1], [1, 1], [0, 0]]] }],
    [{ type: 'geo_shape' }, { type: 'circle', coordinates: [0, 0], radius: '10m' }],
    [{ type: 'object' }, {}],
    [{ type: 'integer', multivalued: { value: true, minCount: 1, maxCount: 2 } }, [1, 2]],
  ]
  const bad: [FieldSpecification, unknown][] = [
    [{ type: 'boolean' }, 'true'],
    [{ type: 'integer' }, 1.5],
    [{ type: 'integer', typeOptions: { range: { min: 1 } } }, 0],
    [{ type: 'numeric', typeOptions: { range: { max: 1 } } }, 2],
    [{ type: 'numeric' }, '1'],
    [{ type: 'string', typeOptions: { length: { min: 2 } } }, 'a'],
    [{ type: 'string' }, 1],
    [{ type: 'email' }, 'ann@'],
    [{ type: 'email', typeOptions: { notEmpty: true } }, ''],
    [{ type: 'url' }, 'example'],
    [{ type: 'ip_address' }, '300.1.1.1'],
    [{ type: 'enum', typeOptions: { values: ['a'] } }, 'b'],
    [{ type: 'date' }, 'today'],
    [{ type: 'date', typeOptions: { range: { min: '2020-01-01' } } }, '2019-12-31'],
    [{ type: 'date', typeOptions: { range: { max: 'NOW' } } }, '2999-01-01'],
    [{ type: 'geo_point' }, [100, 200]],
    [{ type: 'geo_shape' }, { type: 'polygon', coordinates: [[[0, 0], [0, 1], [1, 1], [5, 5]]] }],
    [{ type: 'geo_shape', typeOptions: { shapeTypes: ['point'] } }, { type: 'envelope', coordinates: [[0, 1], [1, 0]] }],
    [{ type: 'object' }, 'a'],
    [{ type: 'integer' }, [1]],
    [{ type: 'integer', multivalued: { value: true } }, 1],
    [{ type: 'integer', multivalued: { value: true, minCount: 2 } }, [1]],
    [{ type: 'integer', multivalued: { value: true, maxCount: 1 } }, [1, 2]],
    [{ type: 'integer', multivalued: { value: true } }, [1, 'b']],
  ]

  test.each(good)('of %j takes %j', async (field, value) => {
    await specify({ fields: { field } })
    expect(await validate({ field: value })).toEqual({ valid: true, errorMessages: {} })
  })

  test.each(bad)('of %j refuses %j', async (field, value) => {
    await specify({ fields: { field } })
    expect(await validate({ field: value })).toMatchObject({ valid: false, errorMessages: { fieldScope: { children: { field: { messages: [expect.any(String)] } } } } })
  })
})

describe('documents of a collection with a specification', () => {
  const specification: Specification = {
    strict: true,
    fields: {
      'city': { type: 'string', mandatory: true },
      'quantity': { type: 'integer', defaultValue: 1 },
      'address': { type: 'object', typeOptions: { strict: false } },
      'address/street': { type: 'string', mandatory: true },
    },
    validators: [{ not: { equals: { city: 'nowhere' } } }],
  }

  beforeEach(() => specify(specification))

  test('are stored with default values', async () => {
    expect((await call('document', 'create', { body: { city: 'Hue' } })).result).toMatchObject({ _source: { city: 'Hue', quantity: 1 } })
  })

  test.each<[string, Partial<RequestData>, string]>([
    ['create', { body: {} }, 'validation.check.failed_field'],
    ['create', { body: { city: 'Hue', other: 1 } }, 'validation.check.failed_field'],
    ['create', { body: { city: 'nowhere' } }, 'validation.check.failed_document'],
    ['create', { body: { city: 'Hue', address: { number: 1 } } }, 'validation.check.failed_field'],
    ['createOrReplace', { _id: 'a', body: { quantity: 1 } }, 'validation.check.failed_field'],
    ['replace', { _id: 'a', body: { quantity: 1 } }, 'validation.check.failed_field'],
    ['update', { _id: 'a', body: { quantity: 'many' } }, 'validation.check.failed_field'],
    ['update', { _id: 'a', body: { city: null } }, 'validation.check.failed_field'],
    ['deleteFields', { _id: 'a', body: { fields: ['address.street'] } }, 'validation.check.failed_field'],
    ['upsert', { _id: 'new', body: { changes: { quantity: 1 } } }, 'validation.check.failed_field'],
    ['updateByQuery', { body: { query: {}, changes: { other: 1 } } }, 'validation.check.failed_field'],
  ])('%s refuses what does not meet it (%j)', async (action, data, id) => {
    await host.store.create(place, { _id: 'a', body: { city: 'Hue' } })
    expect((await call('document', action, data)).error).toMatchObject({ id, status: 400 })
    expect((await host.store.get(place, 'a'))._source).toEqual({ city: 'Hue' })
  })

  test('may be changed in part without their mandatory fields', async () => {
    await host.store.create(place, { _id: 'a', body: { city: 'Hue' } })
    expect((await call('document', 'update', { _id: 'a', body: { quantity: 2 } })).error).toBeNull()
    expect((await call('document', 'upsert', { _id: 'a', body: { changes: { quantity: 3 } } })).error).toBeNull()
    expect((await call('document', 'upsert', { _id: 'b', body: { changes: { quantity: 3 }, default: { city: 'Sapa' } } })).error).toBeNull()
  })

  test('get of an upsert all that its two parts make together', async () => {
    const { error } = await call('document', 'upsert', { _id: 'b', body: { changes: { address: { number: 3 } }, default: { city: 'Sapa', address: { street: 'Fansipan' } } } })
    expect(error).toBeNull()
    expect((await host.store.get(place, 'b'))._source).toMatchObject({ city: 'Sapa', address: { street: 'Fansipan', number: 3 } })
  })

  describe('are judged by the validators as an update would leave them:', () => {
    const merged: Specification = { validators: [{ not: { and: [{ equals: { state: 'open' } }, { exists: 'closedAt' }] } }, { not: { missing: 'state' } }] }
    const draft = { state: 'open', lines: [1] }

    beforeEach(async () => {
      await specify(merged)
      await host.store.create(place, { _id: 'a', body: draft })
    })

    test.each<[string, Partial<RequestData>]>([
      ['update', { _id: 'a', body: { closedAt: 1 } }],
      ['upsert', { _id: 'a', body: { changes: { closedAt: 1 } } }],
      ['deleteFields', { _id: 'a', body: { fields: ['state'] } }],
    ])('%s is refused', async (action, data) => {
      expect((await call('document', action, data)).error).toMatchObject({ id: 'validation.check.failed_document', status: 400 })
      expect((await host.store.get(place, 'a'))._source).toEqual(draft)
    })

    test.each<[string, Partial<RequestData>]>([
      ['update', { _id: 'a', body: { state: 'closed', closedAt: 1 } }],
      ['upsert', { _id: 'a', body: { changes: { state: 'closed', closedAt: 1 } } }],
      ['deleteFields', { _id: 'a', body: { fields: ['lines'] } }],
    ])('%s that they match is stored', async (action, data) => {
      expect((await call('document', action, data)).error).toBeNull()
      expect((await host.store.get(place, 'a'))._version).toBe(2)
    })

    test('mUpdate and updateByQuery list those that are refused, and store the others', async () => {
      await host.store.create(place, { _id: 'b', body: { state: 'closed' } })
      const documents = ['a', 'b'].map((_id) => ({ _id, body: { closedAt: 1 } }))
      expect((await call('document', 'mUpdate', { body: { documents } })).result).toMatchObject({ successes: [{ _id: 'b' }], errors: [{ document: { _id: 'a' }, status: 400, reason: expect.stringContaining('validators') }] })
      const byQuery = await call('document', 'updateByQuery', { body: { query: {}, changes: { closedAt: 2 } } })
      expect(byQuery.result).toMatchObject({ successes: [{ _id: 'b' }] })
      expect(byQuery.result).toHaveProperty('errors', [{ document: { _id: 'a', body: { closedAt: 2 } }, status: 400, reason: expect.stringContaining('validators') }])
      expect((await host.store.mGet(place, ['a', 'b'])).successes.map(({ _source }) => _source.closedAt)).toEqual([undefined, 2])
    })
  })

  test('are refused one by one among many', async () => {
    const { result } = await call('document', 'mCreate', { body: { documents: [{ _id: 'a', body: {} }, { _id: 'b', body: { city: 'Hue' } }] } })
    expect(result).toMatchObject({ successes: [{ _id: 'b', _source: { quantity: 1 } }], errors: [{ document: { _id: 'a', body: {} }, status: 400 }] })
  })

  test('are shown all their faults by validate', async () => {
    expect(await validate({ other: 1, quantity: 'x', city: 'nowhere' })).toMatchObject({
      valid: false,
      errorMessages: { documentScope: [expect.any(String)], fieldScope: { children: { other: {}, quantity: {} } } },
    })
  })

  test('may be moved in bulk unseen', async () => {
    expect((await call('bulk', 'write', { _id: 'a', body: {} })).error).toBeNull()
  })
})
