import { describe, expect, test } from '@jest/globals'
import { Request, type EventDocument, type RequestData } from '@mortise/sdk'
import { createCorridor } from '../../../test/support/create-corridor.js'
import { definePlugin } from '../../../test/support/define-plugin.js'

/** A document controller whose actions answer what the test says, and keep what they got. */
function corridor(action: string, result: unknown, event: string, handler: (documents: EventDocument[], request: Request) => unknown) {
  const got: { args?: unknown; body?: unknown } = {}
  const { pipeline } = createCorridor({
    plugins: [
      definePlugin({ name: 'document', controllers: [{ name: 'document', actions: [{ name: action, routes: [], handler: ({ input }) => { Object.assign(got, { args: input.args, body: input.body }); return result } }] }] }),
      definePlugin({ name: 'pipes', pipes: [{ event, name: 'Test.pipe', handler: handler as never }] }),
    ],
  })
  const run = (data: RequestData): Promise<Request> => pipeline.run(new Request({ controller: 'document', action, ...data }))
  return { run, got }
}

const stamp = (documents: EventDocument[]) => documents.map((document) => ({ ...document, _source: { ...document._source, stamped: true } }))

describe('before', () => {
  test.each(['create', 'createOrReplace', 'replace'])('%s shows its document as written, and stores what the pipe leaves', async (action) => {
    const { run, got } = corridor(action, {}, 'generic:document:beforeWrite', stamp)
    await run({ _id: 'a', body: { city: 'Hue' } })
    expect(got).toMatchObject({ args: { _id: 'a' }, body: { city: 'Hue', stamped: true } })
  })

  test.each(['mCreate', 'mCreateOrReplace', 'mReplace'])('%s shows all its documents at once', async (action) => {
    const { run, got } = corridor(action, {}, 'generic:document:beforeWrite', stamp)
    await run({ body: { documents: [{ _id: 'a', body: { n: 1 } }, { body: { n: 2 } }] } })
    expect(got.body).toEqual({ documents: [{ _id: 'a', body: { n: 1, stamped: true } }, { body: { n: 2, stamped: true } }] })
  })

  test('a pipe may drop documents and change ids', async () => {
    const { run, got } = corridor('mUpdate', {}, 'generic:document:beforeUpdate', ([first]) => [{ ...first, _id: 'renamed' }])
    await run({ body: { documents: [{ _id: 'a', body: {} }, { _id: 'b', body: {} }] } })
    expect(got.body).toEqual({ documents: [{ _id: 'renamed', body: {} }] })
  })

  test.each([
    ['create', 'Write', { body: {} }], ['update', 'Update', { _id: 'a', body: {} }], ['upsert', 'Update', { _id: 'a', body: { changes: {} } }],
    ['delete', 'Delete', { _id: 'a' }], ['get', 'Get', { _id: 'a' }],
  ])('the only document of %s cannot be left out', async (action, alias, data) => {
    const { run, got } = corridor(action, {}, `generic:document:before${alias}`, () => [])
    expect(await run(data)).toMatchObject({ status: 500, error: { message: expect.stringContaining('left out the only document of the request; to refuse it, throw an error') } })
    expect(got).toEqual({})
  })

  test('mUpsert shows changes and keeps defaults in their place', async () => {
    const { run, got } = corridor('mUpsert', {}, 'generic:document:beforeUpdate', stamp)
    await run({ body: { documents: [{ _id: 'a', changes: { n: 1 }, default: { d: 1 } }] } })
    expect(got.body).toEqual({ documents: [{ _id: 'a', changes: { n: 1, stamped: true }, default: { d: 1 } }] })
  })

  test.each<[string, (documents: EventDocument[]) => EventDocument[], unknown[]]>([
    ['leaves out', ([, second]) => [second!], [{ _id: 'b', changes: { n: 2 }, default: { d: 2 } }]],
    ['reorders', ([first, second]) => [second!, first!], [{ _id: 'b', changes: { n: 2 }, default: { d: 2 } }, { _id: 'a', changes: { n: 1 }, default: { d: 1 } }]],
    ['renames', ([first, second]) => [{ ...first, _id: 'x' }, second!], [{ _id: 'x', changes: { n: 1 }, default: { d: 1 } }, { _id: 'b', changes: { n: 2 }, default: { d: 2 } }]],
    ['adds', (documents) => [{ _id: 'c', _source: {} }, ...documents], [{ _id: 'c', changes: {} }, { _id: 'a', changes: { n: 1 }, default: { d: 1 } }, { _id: 'b', changes: { n: 2 }, default: { d: 2 } }]],
  ])('no document of mUpsert gets the default of another that a pipe %s', async (_, pipe, expected) => {
    const { run, got } = corridor('mUpsert', {}, 'generic:document:beforeUpdate', pipe)
    await run({ body: { documents: [{ _id: 'a', changes: { n: 1 }, default: { d: 1 } }, { _id: 'b', changes: { n: 2 }, default: { d: 2 } }] } })
    expect(got.body).toEqual({ documents: expected })
  })

  test('upsert shows its changes', async () => {
    const { run, got } = corridor('upsert', {}, 'generic:document:beforeUpdate', stamp)
    await run({ _id: 'a', body: { changes: { n: 1 }, default: { d: 1 } } })
    expect(got.body).toEqual({ changes: { n: 1, stamped: true }, default: { d: 1 } })
  })

  test.each([
    [{ body: { ids: ['a', 'b'] } }, { body: { ids: ['a'] } }],
    [{ ids: ['a', 'b'] }, { args: { ids: ['a'] } }],
    [{ ids: 'a,b' }, { args: { ids: ['a'] } }],
    [{ ids: '["a","b"]' }, { args: { ids: ['a'] } }],
  ])('mGet shows the ids of %j', async (data, expected) => {
    const { run, got } = corridor('mGet', {}, 'generic:document:beforeGet', ([first]) => [first])
    await run(data as RequestData)
    expect(got).toMatchObject(expected)
  })

  test.each([['mCreate', { body: { documents: 'nope' } }], ['mCreate', {}], ['mDelete', { ids: 7 }]])('%s of a wrong shape is left to the action to refuse', async (action, data) => {
    let isTold = false
    const event = action === 'mDelete' ? 'generic:document:beforeDelete' : 'generic:document:beforeWrite'
    const { run, got } = corridor(action, {}, event, (documents) => { isTold = true; return documents })
    expect((await run(data as RequestData)).error).toBeNull()
    expect([isTold, got.body ?? null]).toEqual([false, (data as RequestData).body ?? null])
  })

  test.each(['search', 'deleteByQuery', 'updateByQuery', 'export'])('%s has none, since its documents are not known yet', async (action) => {
    let isTold = false
    const { run } = corridor(action, { hits: [], documents: [], successes: [] }, 'generic:document:before*', (documents) => { isTold = true; return documents })
    await run({})
    expect(isTold).toBe(false)
  })
})

describe('after', () => {
  const document = { _id: 'a', _source: { n: 1 } }

  test.each([
    ['create', 'Write', document, { _id: 'a', _source: { n: 1, stamped: true } }],
    ['get', 'Get', document, { _id: 'a', _source: { n: 1, stamped: true } }],
    ['update', 'Update', document, { _id: 'a', _source: { n: 1, stamped: true } }],
    ['mGet', 'Get', { successes: [document], errors: ['b'] }, { successes: [{ _id: 'a', _source: { n: 1, stamped: true } }], errors: ['b'] }],
    ['mCreate', 'Write', { successes: [document], errors: [] }, { successes: [{ _id: 'a', _source: { n: 1, stamped: true } }], errors: [] }],
    ['updateByQuery', 'Update', { successes: [document], errors: [] }, { successes: [{ _id: 'a', _source: { n: 1, stamped: true } }], errors: [] }],
    ['search', 'Get', { hits: [document], total: 1 }, { hits: [{ _id: 'a', _source: { n: 1, stamped: true } }], total: 1 }],
    ['deleteByQuery', 'Delete', { documents: [document], ids: ['a'] }, { documents: [{ _id: 'a', _source: { n: 1, stamped: true } }], ids: ['a'] }],
  ])('%s shows what came of it, and answers what the pipe leaves', async (action, alias, result, expected) => {
    const { run } = corridor(action, result, `generic:document:after${alias}`, stamp)
    expect((await run({ _id: 'a', body: {} })).result).toEqual(expected)
  })

  test('mDelete shows the ids that are gone and keeps the errors', async () => {
    const told: unknown[] = []
    const { run } = corridor('mDelete', { successes: ['a'], errors: [{ _id: 'b' }] }, 'generic:document:afterDelete', (documents) => { told.push(documents); return documents })
    expect((await run({ body: { ids: ['a', 'b'] } })).result).toEqual({ successes: ['a'], errors: [{ _id: 'b' }] })
    expect(told).toEqual([[{ _id: 'a' }]])
  })

  test('export cannot be changed', async () => {
    const { run } = corridor('export', 'a stream', 'generic:document:afterGet', () => [{ _id: 'other' }])
    expect((await run({})).result).toBe('a stream')
  })
})

test('actions of other controllers have no generic events', async () => {
  const { pipeline } = createCorridor({
    plugins: [
      definePlugin({ name: 'index', controllers: [{ name: 'index', actions: [{ name: 'create', handler: () => 'made', routes: [] }] }] }),
      definePlugin({ name: 'pipes', pipes: [{ event: 'generic:document:beforeWrite', name: 'X.y', handler: () => { throw new Error('never') } }] }),
    ],
  })
  expect((await pipeline.run(new Request({ controller: 'index', action: 'create' }))).result).toBe('made')
})
