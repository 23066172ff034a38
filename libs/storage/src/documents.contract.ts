import { expect, test } from '@jest/globals'
import { ForbiddenError } from '@mortise/sdk'
import type { Subject } from './subject.contract.js'

/** Documents one by one. */
export function describeDocuments(subject: Subject): void {
  test('a document created is the document read, to the last character', async () => {
    const { store, place } = subject
    const body = {
      text: 'ünï \u0000 "quoted" \\ 😀 \ud800', empty: {}, list: [1, [2, null], { a: [] }], big: 2 ** 60, tiny: 5e-324, exact: 0.1 + 0.2, none: null,
      'a.b': 1, '': 2, 'with "quotes"': 3, ['__proto__']: { polluted: true },
    }
    const written = await store.create(place, { _id: 'o1', body })
    expect(written).toEqual({ _id: 'o1', _source: body, _version: 1, created: true, result: 'created', status: 201 })
    const read = await store.get(place, 'o1')
    expect(JSON.stringify(sortKeys(read._source))).toBe(JSON.stringify(sortKeys(body)))
    await expect(store.create(place, { _id: 'o1', body: {} })).rejects.toMatchObject({ id: 'services.storage.document_already_exists', status: 400 })
  })

  test('of documents created at the same time, those whose id is taken or comes twice are refused, and no other', async () => {
    const { store, place } = subject
    await store.create(place, { _id: 'taken', body: { n: 0 } })
    const ids = ["o'1", 'taken', 'o"2', 'twice', 'twice', 'o\\3']
    const written = await Promise.allSettled(ids.map((_id, n) => store.create(place, { _id, body: { n } })))
    expect(written.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
    const { successes } = await store.mGet(place, ["o'1", 'taken', 'o"2', 'twice', 'o\\3'])
    expect(successes.map(({ _source }) => _source.n)).toEqual([0, 0, 2, 3, 5])
  })

  test('documents that are read together are each their own: short, long, of strange characters, missing, asked for twice, and very many', async () => {
    const { store, place } = subject
    const text = (n: number): string => ['', ':', '1:2:3', '\u001e', '\n', '😀', 'é', '\u0000', 'x'.repeat(9_000), '😀'.repeat(5_000)][n % 10]!
    const documents = Array.from({ length: 400 }, (_, n) => ({ _id: `${n}:${text(n).slice(0, 20).replaceAll('\0', '')}`, body: { n, text: text(n) } }))
    for (let start = 0; start < documents.length; start += 200) await store.mCreate(place, documents.slice(start, start + 200))
    await store.update(place, { _id: documents[9]!._id, body: { again: true } })

    const asked = documents.flatMap(({ _id }, n) => (n % 7 === 0 ? ['missing', _id] : [_id]))
    const { successes, errors } = await store.mGet(place, asked)
    expect(successes.map(({ _id, _source }) => ({ _id, body: _source }))).toEqual(documents.map(({ _id, body }, n) => ({ _id, body: n === 9 ? { ...body, again: true } : body })))
    expect(successes.filter(({ _version }) => _version !== 1)).toMatchObject([{ _id: documents[9]!._id, _version: 2 }])
    expect(errors).toEqual(asked.filter((id) => id === 'missing'))

    const one = await Promise.allSettled(['missing', ...[0, 8, 8, 9].map((n) => documents[n]!._id)].map((id) => store.get(place, id)))
    expect(one.map((result) => (result.status === 'fulfilled' ? result.value._source.n : result.reason.id))).toEqual(['services.storage.not_found', 0, 8, 8, 9])
  })

  test('an id that is not given is made: 20 characters that are safe in a URL', async () => {
    const { store, place } = subject
    const { _id } = await store.create(place, { body: {} })
    expect(_id).toMatch(/^[A-Za-z0-9][A-Za-z0-9_-]{19}$/)
    expect(await store.exists(place, _id)).toBe(true)
  })

  test.each(['', 'x'.repeat(513), '_search'])('the id %j is refused', async (_id) => {
    const { store, place } = subject
    await expect(store.create(place, { _id, body: {} })).rejects.toMatchObject({ status: 400 })
  })

  test('what is missing is a 404 that names id, index and collection', async () => {
    const { store, place } = subject
    const missing = { id: 'services.storage.not_found', status: 404, props: ['ghost', place.index, 'orders'] }
    await expect(store.get(place, 'ghost')).rejects.toMatchObject(missing)
    await expect(store.replace(place, { _id: 'ghost', body: {} })).rejects.toMatchObject(missing)
    await expect(store.update(place, { _id: 'ghost', body: {} })).rejects.toMatchObject(missing)
    await expect(store.deleteFields(place, 'ghost', ['a'])).rejects.toMatchObject(missing)
    await expect(store.delete(place, 'ghost')).rejects.toMatchObject(missing)
    expect(await store.exists(place, 'ghost')).toBe(false)
  })

  test('createOrReplace says which of the two it did, and the version grows', async () => {
    const { store, place } = subject
    expect(await store.createOrReplace(place, { _id: 'o2', body: { a: 1 } })).toMatchObject({ _version: 1, created: true, status: 201 })
    expect(await store.createOrReplace(place, { _id: 'o2', body: { b: 2 } })).toMatchObject({ _version: 2, created: false, _source: { b: 2 } })
    expect(await store.replace(place, { _id: 'o2', body: { c: 3 } })).toMatchObject({ _version: 3, created: false, result: 'updated' })
    expect(await store.get(place, 'o2')).toEqual({ _id: 'o2', _source: { c: 3 }, _version: 3 })
  })

  test('an update merges objects at every depth and replaces all else', async () => {
    const { store, place } = subject
    await store.create(place, { _id: 'o', body: { a: { b: { c: 1, d: 2 } }, list: [1, 2], same: true } })
    const updated = await store.update(place, { _id: 'o', body: { a: { b: { c: 9 } }, list: [3], _kuzzle_info: { updater: 'me' } } })
    const _source = { a: { b: { c: 9, d: 2 } }, list: [3], same: true, _kuzzle_info: { updater: 'me' } }
    expect(updated).toMatchObject({ _source, _version: 2, _updatedFields: ['a', 'list'] })
    expect((await store.get(place, 'o'))._source).toEqual(_source)
  })

  test('updates of one document at the same time are all kept', async () => {
    const { store, place } = subject
    await store.create(place, { _id: 'o', body: {} })
    await Promise.all(Array.from({ length: 50 }, (_, index) => store.update(place, { _id: 'o', body: { [`f${index}`]: index } })))
    const { _source, _version } = await store.get(place, 'o')
    expect(Object.keys(_source)).toHaveLength(50)
    expect(_version).toBe(51)
  })

  test('of many who create one document at the same time, one succeeds', async () => {
    const { store, place } = subject
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, by) => store.create(place, { _id: 'race', body: { by } })))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('an upsert creates from the default and updates with the changes, each with its own metadata', async () => {
    const { store, place } = subject
    const input = {
      _id: 'u', changes: { quantity: 1 }, default: { city: 'Sapa', quantity: 0 },
      whenCreated: { _kuzzle_info: { author: 'ann' } }, whenUpdated: { _kuzzle_info: { updater: 'ann' } },
    }
    expect(await store.upsert(place, input)).toMatchObject({ created: true, _version: 1, _source: { city: 'Sapa', quantity: 1, _kuzzle_info: { author: 'ann' } } })
    expect(await store.upsert(place, { ...input, changes: { quantity: 2 } })).toMatchObject({
      created: false, _version: 2, _source: { city: 'Sapa', quantity: 2, _kuzzle_info: { author: 'ann', updater: 'ann' } },
    })
  })

  test('fields are deleted by path, whatever does not exist is left alone', async () => {
    const { store, place } = subject
    await store.create(place, { _id: 'o', body: { a: { b: 1, c: 2 }, d: 3 } })
    expect(await store.deleteFields(place, 'o', ['a.b', 'd', 'x.y'], { e: 5 })).toMatchObject({ _source: { a: { c: 2 }, e: 5 }, _version: 2 })
  })

  test('a deletion gives back the document as it was last', async () => {
    const { store, place } = subject
    await store.create(place, { _id: 'o', body: { a: 1 } })
    expect(await store.delete(place, 'o')).toEqual({ _id: 'o', _source: { a: 1 }, _version: 1 })
    expect(await store.exists(place, 'o')).toBe(false)
  })

  test.each([
    [{ quantity: 'many' }], [{ quantity: 2 ** 40 }], [{ at: 'yesterday' }], [{ paid: 'perhaps' }], [{ city: { name: 'Hue' } }], [{ place: 'nowhere' }],
    [{ items: [{ price: 'dear' }] }], [{ customer: 'Ann' }],
  ])('%j goes against the mapping and is refused, in whichever way it comes', async (body) => {
    const { store, place } = subject
    const refusal = { id: 'services.storage.unexpected_bad_request', status: 400 }
    await store.create(place, { _id: 'o', body: {} })
    await expect(store.create(place, { body })).rejects.toMatchObject(refusal)
    await expect(store.update(place, { _id: 'o', body })).rejects.toMatchObject(refusal)
    await expect(store.upsert(place, { _id: 'o', changes: body })).rejects.toMatchObject(refusal)
    expect(await store.get(place, 'o')).toMatchObject({ _source: {}, _version: 1 })
  })

  test('an update whose outcome the judge of its place refuses is not stored, and stops no other', async () => {
    const { store, place } = subject
    await store.mCreate(place, ['a', 'b'].map((_id) => ({ _id, body: { n: 1 } })))
    const judge = (document: Record<string, unknown>, id: string): void => {
      if (document.n === 1 && document.m === 2) throw new ForbiddenError(`not ${id}`)
    }
    const judged = { ...place, judge }
    const { successes, errors } = await store.mUpdate(judged, [{ _id: 'a', body: { m: 2 } }, { _id: 'b', body: { n: 2, m: 2 } }])
    expect([successes.map(({ _id }) => _id), errors]).toEqual([['b'], [{ document: { _id: 'a', body: { m: 2 } }, reason: 'not a', status: 403 }]])
    expect(await store.updateByQuery(judged, { query: { equals: { n: 1 } }, changes: { m: 2 } }, { lang: 'koncorde' })).toMatchObject({ updated: 0, errors: [{ document: { _id: 'a' }, reason: 'not a', status: 403 }] })
    await expect(store.update(judged, { _id: 'a', body: { m: 2 } })).rejects.toMatchObject({ message: 'not a' })
    expect(await store.get(place, 'a')).toEqual({ _id: 'a', _source: { n: 1 }, _version: 1 })
  })

  test('a strict mapping refuses fields it does not declare, and metadata is no such field', async () => {
    const { store, place } = subject
    await store.updateMapping(place, { dynamic: 'strict' })
    await store.create(place, { body: { city: 'Hue', customer: { name: 'Ann' }, _kuzzle_info: { author: 'ann' } } })
    await expect(store.create(place, { body: { customer: { age: 4 } } }))
      .rejects.toMatchObject({ id: 'services.storage.strict_mapping_rejection', status: 400, props: ['customer.age', place.index, 'orders'] })
  })
}

/** Documents many at a time. */
export function describeMany(subject: Subject): void {
  test('many are created each for itself, and the outcome of each is told', async () => {
    const { store, place } = subject
    await store.create(place, { _id: 'o1', body: {} })
    const documents = [{ _id: 'o1', body: { a: 1 } }, { _id: 'm1', body: { quantity: 1 } }, { body: {} }, { _id: 'm2', body: { quantity: 'x' } }]
    const { successes, errors } = await store.mCreate(place, documents)
    expect(successes.map(({ _id, created, status, result }) => [_id, created, status, result]))
      .toEqual([['m1', true, 201, 'created'], [expect.any(String), true, 201, 'created']])
    expect(errors).toEqual([
      { document: documents[0], reason: 'document already exists', status: 400 },
      { document: documents[3], reason: expect.stringContaining('quantity'), status: 400 },
    ])
  })

  test('the same id twice among many: the first is created, the second is taken', async () => {
    const { store, place } = subject
    const { successes, errors } = await store.mCreate(place, [{ _id: 'm', body: { a: 1 } }, { _id: 'm', body: { a: 2 } }])
    expect([successes.length, errors.length]).toEqual([1, 1])
    expect((await store.mCreateOrReplace(place, [{ _id: 'm', body: { a: 3 } }, { _id: 'm', body: { a: 4 } }])).successes.map((each) => each._version))
      .toEqual([2, 3])
    expect((await store.get(place, 'm'))._source).toEqual({ a: 4 })
  })

  test('many created in one go are read back to the last character, whatever they hold', async () => {
    const { store, place } = subject
    const deep = (levels: number): object => (levels === 0 ? { end: true } : { d: deep(levels - 1) })
    const bodies: Record<string, unknown>[] = [
      { text: 'ünï \u0000 "quoted" \\ 😀 \ud800 \u2028 </script>', 'a.b': 1, '': 2, ['__proto__']: { polluted: true } },
      { numbers: [2 ** 60, 5e-324, 0.1 + 0.2, -0, 1e21, -1.5e-7, 1.7976931348623157e308], none: null, list: [[], {}, [null]], yes: true },
      {}, deep(200) as Record<string, unknown>, { long: 'ö"\\\n'.repeat(2_000), deep: deep(400) }, { long: 'x'.repeat(600_000) },
    ]
    const ids = ['plain', 'with space, "quotes" and \\', '😀', 'dé'.repeat(100), '0', '[1]']
    const documents = bodies.map((body, at) => ({ _id: ids[at]!, body }))
    expect((await store.mCreate(place, documents)).errors).toEqual([])
    const { successes } = await store.mGet(place, ids)
    expect(successes.map(({ _id, _version }) => [_id, _version])).toEqual(ids.map((id) => [id, 1]))
    expect(successes.map(({ _source }) => JSON.stringify(sortKeys(_source)))).toEqual(bodies.map((body) => JSON.stringify(sortKeys(body))))
  })

  test('among many created in one go, those whose id is taken are told, and no other', async () => {
    const { store, place } = subject
    await store.mCreate(place, ['b', 'd'].map((_id) => ({ _id, body: { first: true } })))
    const created = await Promise.all([...'abcdeaf'].map((_id) => store.create(place, { _id, body: {} }).then(() => 'created', ({ status }) => status as number)))
    expect(created).toEqual(['created', 400, 'created', 400, 'created', 400, 'created'])
    expect((await store.get(place, 'b'))._source).toEqual({ first: true })
    const hits = (await store.search(place, {}, { size: 10 })).hits.map(({ _id }) => _id)
    expect(hits).toEqual(['b', 'd', 'a', 'c', 'e', 'f'])
  })

  test('that every id among many is taken is told, whichever collection was written last', async () => {
    const { store, place } = subject
    const other = { ...place, collection: 'others' }
    await store.createCollection(other)
    const documents = Array.from({ length: 10 }, (_, n) => ({ _id: `d${n}`, body: { first: true } }))
    await store.mCreate(place, documents)
    await store.create(other, { body: {} })
    const { successes, errors } = await store.mCreate(place, documents.map(({ _id }) => ({ _id, body: { first: false } })))
    expect([successes, errors.map(({ status }) => status)]).toEqual([[], documents.map(() => 400)])
    expect((await store.get(place, 'd9'))._source).toEqual({ first: true })
  })

  test.each([1, 10])('an id that is no Unicode is refused, also among %i', async (count) => {
    const { store, place } = subject
    const { errors } = await store.mCreate(place, Array.from({ length: count }, (_, n) => ({ _id: `\ud800${n}`, body: {} })))
    expect(errors.map(({ status }) => status)).toEqual(Array.from({ length: count }, () => 400))
  })

  test('writes of one document that come together are carried out in order', async () => {
    const { store, place } = subject
    const others = Array.from({ length: 5 }, (_, n) => store.create(place, { _id: `other${n}`, body: {} }))
    const results = await Promise.all([
      store.create(place, { _id: 'x', body: { n: 1 } }), store.update(place, { _id: 'x', body: { m: 2 } }), store.delete(place, 'x'),
      store.create(place, { _id: 'x', body: { n: 3 } }), ...others,
    ])
    expect(results.slice(0, 4).map(({ _source, _version }) => [_source, _version])).toEqual([[{ n: 1 }, 1], [{ n: 1, m: 2 }, 2], [{ n: 1, m: 2 }, 2], [{ n: 3 }, 1]])
    expect((await store.get(place, 'x'))._source).toEqual({ n: 3 })
  })

  test('updates, replacements and upserts of many list what is missing', async () => {
    const { store, place } = subject
    await store.mCreate(place, [{ _id: 'a', body: { x: 1 } }, { _id: 'b', body: { x: 1 } }])
    const updates = await store.mUpdate(place, [{ _id: 'a', body: { y: 2 } }, { _id: 'ghost', body: {} }, { body: {} }])
    expect(updates.successes).toEqual([
      { _id: 'a', _source: { x: 1, y: 2 }, _version: 2, created: false, result: 'updated', status: 200, _updatedFields: ['y'] },
    ])
    expect(updates.errors.map(({ status }) => status)).toEqual([404, 400])
    expect((await store.mReplace(place, [{ _id: 'ghost', body: {} }, { _id: 'b', body: { z: 1 } }])).errors)
      .toEqual([{ document: { _id: 'ghost', body: {} }, reason: 'document not found', status: 404 }])
    const upserts = await store.mUpsert(place, [{ _id: 'b', changes: { w: 1 } }, { _id: 'new', changes: { w: 1 } }])
    expect(upserts.successes.map(({ created, status }) => [created, status])).toEqual([[false, 200], [true, 201]])
  })

  test('many are read in the order asked for, and what leads nowhere is listed', async () => {
    const { store, place } = subject
    await store.mCreate(place, [{ _id: 'a', body: {} }, { _id: 'b', body: { x: 1 } }])
    expect(await store.mGet(place, ['b', 'ghost', 'a'])).toEqual({
      successes: [{ _id: 'b', _source: { x: 1 }, _version: 1 }, { _id: 'a', _source: {}, _version: 1 }], errors: ['ghost'],
    })
    expect(await store.mExists(place, ['b', 'ghost'])).toEqual({ successes: ['b'], errors: ['ghost'] })
    expect(await store.mDelete(place, ['b', 'ghost'])).toEqual({
      successes: [{ _id: 'b', _source: { x: 1 }, _version: 1 }], errors: [{ _id: 'ghost', reason: 'document not found', status: 404 }],
    })
  })

  test('some thousands at once are all stored', async () => {
    const { store, place } = subject
    const { successes, errors } = await store.mCreate(place, Array.from({ length: 3500 }, (_, index) => ({ _id: `d${index}`, body: { index } })))
    expect([successes.length, errors.length, await store.count(place)]).toEqual([3500, 0, 3500])
    expect((await store.get(place, 'd3499'))._source).toEqual({ index: 3499 })
  })

  test('a bulk import runs line by line and reports in the words of Elasticsearch', async () => {
    const { store, place } = subject
    const result = await store.import(place, [
      { index: { _id: 'b1' } }, { quantity: 1 }, { create: { _id: 'b1' } }, { quantity: 2 }, { update: { _id: 'b1' } }, { doc: { city: 'Hue' } },
      { delete: { _id: 'b1' } }, { delete: { _id: 'b1' } }, { update: { _id: 'b2' } }, { doc: { city: 'Hue' }, doc_as_upsert: true },
    ])
    expect(result.successes).toEqual([
      { index: { _id: 'b1', status: 201 } }, { update: { _id: 'b1', status: 200 } }, { delete: { _id: 'b1', status: 200 } }, { update: { _id: 'b2', status: 201 } },
    ])
    expect(result.errors).toMatchObject([
      { create: { _id: 'b1', status: 409, _source: { quantity: 2 }, error: { type: 'version_conflict_engine_exception' } } },
      { delete: { _id: 'b1', status: 404 } },
    ])
  })

  test('a bulk import makes the ids that are left out, and takes numbers as text', async () => {
    const { store, place } = subject
    const { successes } = await store.import(place, [{ index: {} }, {}, { create: { _id: null } }, {}, { index: { _id: 7 } }, {}])
    expect(successes).toEqual([{ index: { _id: expect.stringMatching(/^[\w-]{20}$/), status: 201 } }, { create: { _id: expect.stringMatching(/^[\w-]{20}$/), status: 201 } }, { index: { _id: '7', status: 201 } }])
  })

  test.each([[[{ nope: {} }]], [[{ index: {} }]], [[{ index: {}, create: {} }, {}]], [[{ index: { routing: 'x' } }, {}]], [[null]],
    [[{ index: { _id: {} } }, {}]], [[{ index: { _id: ['a'] } }, {}]], [[{ delete: {} }]], [[{ delete: { _id: null } }]], [[{ update: {} }, { doc: {} }]]])(
    'the bulk array %j is refused whole', async (bulkData) => {
      const { store, place } = subject
      await expect(store.import(place, [{ index: { _id: 'fine' } }, {}, ...bulkData] as never)).rejects.toMatchObject({ status: 400 })
      expect(await store.exists(place, 'fine')).toBe(false)
    },
  )

  test.each(['routing', '_routing'])('a bulk array with "%s" is told that it is not supported', async (name) => {
    const { store, place } = subject
    await expect(store.import(place, [{ index: { [name]: 'x' } }, {}])).rejects.toMatchObject({ id: 'services.storage.no_routing', props: [name] })
  })
}

/** The order of properties is no part of JSON's meaning, and not every engine keeps it. */
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, each]) => [key, sortKeys(each)])
}
