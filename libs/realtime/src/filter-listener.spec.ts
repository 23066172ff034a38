import { describe, expect, jest, test } from '@jest/globals'
import { Request, type EventDocument, type RequestData } from '@mortise/sdk'
import { noteChanged } from './stored-documents.js'
import { filterListener, findFilterFault } from './filter-listener.js'

const INVOICES = { equals: { kind: 'invoice' } }
const create = (data: RequestData, result?: unknown): Request => new Request({ controller: 'document', action: 'create', ...data }, { result })
const heard = (payload: unknown, where: object = INVOICES): boolean => {
  const handler = jest.fn((given: unknown) => given)
  expect(filterListener(where, handler)(payload)).toBe(payload)
  return handler.mock.calls.length > 0
}

describe('of a request, a filter sees', () => {
  test('the body, before there is an answer', () => {
    expect(heard(create({ body: { kind: 'invoice' } }))).toBe(true)
    expect(heard(create({ body: { kind: 'note' } }))).toBe(false)
    expect(heard(create({}))).toBe(false)
  })

  test('the document answered, once there is one', () => {
    expect(heard(create({ body: { kind: 'note' } }, { _id: 'a', _source: { kind: 'invoice' } }))).toBe(true)
    expect(heard(create({ body: { kind: 'invoice' } }, { _id: 'a', _source: { kind: 'note' } }))).toBe(false)
  })

  test('its id, given or answered', () => {
    const where = { ids: { values: ['a'] } }
    expect(heard(create({ _id: 'a' }), where)).toBe(true)
    expect(heard(create({ _id: 'b' }), where)).toBe(false)
    expect(heard(create({}, { _id: 'a', _source: {} }), where)).toBe(true)
  })

  test('each of many documents, of which one is enough', () => {
    const documents = [{ body: { kind: 'note' } }, { body: { kind: 'invoice' } }]
    expect(heard(create({ body: { documents } }))).toBe(true)
    expect(heard(create({ body: { documents: documents.slice(0, 1) } }))).toBe(false)
    expect(heard(create({ body: { documents: [{ changes: { kind: 'invoice' } }] } }))).toBe(true)
    expect(heard(create({ body: { documents } }, { successes: [{ _id: 'a', _source: { kind: 'note' } }], errors: [] }))).toBe(false)
    expect(heard(create({ body: {} }, { hits: [{ _id: 'a', _source: { kind: 'invoice' } }], total: 1 }))).toBe(true)
  })
})

test('of another event, a filter sees what listeners get', () => {
  expect(heard({ kind: 'invoice' })).toBe(true)
  expect(heard({ kind: 'note' })).toBe(false)
  expect(heard('invoice')).toBe(false)
  expect(heard(null)).toBe(false)
})

describe('of a generic document event', () => {
  const documents: EventDocument[] = [
    { _id: 'a', _source: { kind: 'invoice' } }, { _id: 'b', _source: { kind: 'note' } }, { _id: 'c', _source: { kind: 'invoice' } }, { _id: 'd' },
  ]
  const request = create({})
  const run = (handler: (documents: EventDocument[]) => unknown): unknown => filterListener(INVOICES, handler as () => unknown)(documents, request)
  const stamp = (given: EventDocument[]): EventDocument[] => given.map(({ _id }) => ({ _id: `${_id}!` }))
  const idsOf = (answer: unknown): unknown[] => (answer as EventDocument[]).map(({ _id }) => _id)

  test('only those that match are handed over, with the request, and put back in their places', async () => {
    const handler = jest.fn(stamp)
    expect(idsOf(run(handler))).toEqual(['a!', 'b', 'c!', 'd'])
    expect(handler.mock.calls).toEqual([[[documents[0], documents[2]], request]])
    expect(idsOf(await run((given) => Promise.resolve(stamp(given))))).toEqual(['a!', 'b', 'c!', 'd'])
  })

  test('documents that a pipe drops are gone, and those that it adds come last', () => {
    expect(idsOf(run((given) => given.slice(0, 1)))).toEqual(['a', 'b', 'd'])
    expect(idsOf(run((given) => [...given, { _id: 'e' }]))).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  test('a pipe that answers nothing is as silent as without a filter', () => {
    expect(run(() => undefined)).toBeUndefined()
  })

  test('nobody is called when none matches', () => {
    const handler = jest.fn()
    expect(filterListener({ equals: { kind: 'order' } }, handler)(documents, request)).toBe(documents)
    expect(handler).not.toHaveBeenCalled()
  })
})

test('a filter that cannot be read is a fault that says where', () => {
  expect(findFilterFault(INVOICES)).toBeUndefined()
  expect(findFilterFault({ equalz: {} })).toMatchObject({ id: 'api.assert.koncorde_dsl_error', status: 400 })
  expect(() => filterListener({ equalz: {} }, () => {})).toThrow(expect.objectContaining({ id: 'api.assert.koncorde_dsl_error' }))
})

describe('of an update', () => {
  const update = (result: unknown): Request => {
    const request = new Request({ controller: 'document', action: 'update', index: 'shop', collection: 'papers', _id: 'a', body: { paid: true } })
    request.setResult(result)
    return request
  }

  test('a filter sees the whole document, though the answer does not carry it', () => {
    const handler = jest.fn()
    const listener = filterListener(INVOICES, handler)
    for (const kind of ['note', 'invoice']) {
      const request = update({ _id: 'a', _version: 2 })
      noteChanged(request, [{ _id: 'a', _source: { kind, paid: true } }])
      listener(request)
    }
    expect(handler).toHaveBeenCalledTimes(1)
  })

  test('a filter sees each of many, however they were told', () => {
    const handler = jest.fn((given: unknown) => given)
    const listener = filterListener(INVOICES, handler)
    const request = new Request({ controller: 'document', action: 'mUpdate', index: 'shop', collection: 'papers', body: { documents: [] } })
    const documents = ['note', 'invoice'].map((kind) => ({ _id: kind, _source: { kind } }))
    for (const document of documents) noteChanged(request, [document])
    request.setResult({ successes: documents.map(({ _id }) => ({ _id })), errors: [] })
    expect(listener(documents.map(({ _id }) => ({ _id })), request)).toEqual([{ _id: 'note' }, { _id: 'invoice' }])
    expect(handler.mock.calls[0]?.[0]).toEqual([{ _id: 'invoice' }])
  })
})

describe('of a deletion', () => {
  const stored: EventDocument[] = [{ _id: 'a', _source: { kind: 'invoice' } }, { _id: 'b', _source: { kind: 'note' } }]
  const remove = (data: RequestData, action = 'delete'): Request => new Request({ controller: 'document', action, index: 'shop', collection: 'papers', ...data })
  const listen = () => {
    const read = jest.fn(async (_place: object, ids: readonly string[]): Promise<readonly EventDocument[]> => stored.filter(({ _id }) => ids.includes(String(_id))))
    const handler = jest.fn((given: unknown) => given)
    return { read, handler, listener: filterListener(INVOICES, handler, read) }
  }

  test('a filter sees what is stored, before it is deleted', async () => {
    const { listener, handler, read } = listen()
    await listener(remove({ _id: 'a' }))
    await listener(remove({ _id: 'b' }))
    await listener(remove({ _id: 'c' }))
    expect(handler.mock.calls.map(([request]) => (request as Request).input.args._id)).toEqual(['a'])
    expect(read).toHaveBeenCalledWith({ index: 'shop', collection: 'papers' }, ['a'])
  })

  test.each([[{ body: { ids: ['a', 'b'] } }], [{ ids: ['a', 'b'] }], [{ ids: 'a,b' }], [{ ids: '["a","b"]' }]])('of many finds their ids in %j', async (data) => {
    const { listener, handler, read } = listen()
    await listener(remove(data, 'mDelete'))
    expect([handler.mock.calls.length, read.mock.calls[0]?.[1]]).toEqual([1, ['a', 'b']])
  })

  test.each([[{ _id: 5 as unknown as string }], [{ ids: '[1' }], [{ ids: [1] }], [{ _id: 'a', index: 5 as unknown as string }], [{}]])('nothing is read of one that the action will refuse: %j', (data) => {
    const { listener, handler, read } = listen()
    const request = remove(data, '_id' in data ? 'delete' : 'mDelete')
    expect(listener(request)).toBe(request)
    expect([handler.mock.calls.length, read.mock.calls.length]).toEqual([0, 0])
  })

  test('several listeners read once, and again when a pipe has put other documents in', async () => {
    const { listener, read } = listen()
    const request = remove({ _id: 'a' })
    await Promise.all([listener(request), listener(request)])
    expect(read).toHaveBeenCalledTimes(1)
    request.input.args._id = 'b'
    await listener(request)
    expect(read).toHaveBeenCalledTimes(2)
  })

  test('those of a generic event are handed over as they come, by what is stored', async () => {
    const { listener, handler } = listen()
    const documents = [{ _id: 'a' }, { _id: 'b' }]
    expect(await listener(documents, remove({ ids: ['a', 'b'] }, 'mDelete'))).toEqual(documents)
    expect(handler.mock.calls[0]?.[0]).toEqual([{ _id: 'a' }])
  })

  test('afterwards a filter sees what was deleted, and reads nothing', () => {
    const { listener, handler, read } = listen()
    for (const document of stored) {
      const request = remove({ _id: document._id })
      noteChanged(request, [document])
      request.setResult({ _id: document._id })
      expect(listener(request)).toBe(request)
    }
    expect(handler.mock.calls.map(([request]) => (request as Request).input.args._id)).toEqual(['a'])
    expect(read).not.toHaveBeenCalled()
  })

  test('what cannot be read fails, and passes by no guard', async () => {
    const handler = jest.fn()
    const listener = filterListener(INVOICES, handler, () => Promise.reject(new Error('the store is gone')))
    await expect(listener(remove({ _id: 'a' }))).rejects.toThrow('the store is gone')
  })
})
