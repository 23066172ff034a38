import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Request, RequestData } from '@mortise/sdk'
import { callAction } from '../../../../test/support/call-action.js'
import { startBuiltIns, type StartedBuiltIns } from '../../../../test/support/start-built-ins.js'
import { Changes } from '../ports/changes.js'
import { importedDocuments, readLines, replaceDocuments, writeLines } from './import-lines.js'

const place = { index: 'shop', collection: 'orders' }

class CountedChanges extends Changes {
  count = 0
  tell(): void { this.count++ }
}

describe('bulk actions', () => {
  let host: StartedBuiltIns
  let changes: CountedChanges

  beforeEach(async () => {
    changes = new CountedChanges()
    host = await startBuiltIns({ changes })
    await host.store.createCollection(place)
  })

  afterEach(() => host.stop())

  const call = (action: string, rest: Partial<RequestData> = {}): Promise<Request> =>
    callAction(host.pipeline, { controller: 'bulk', action, ...place, ...rest })

  test('store documents as they are, metadata too', async () => {
    const body = { n: 1, _kuzzle_info: { author: 'ann' } }
    await call('write', { _id: 'a', body })
    await call('mWrite', { body: { documents: [{ _id: 'b', body }] } })
    for (const id of ['a', 'b']) expect((await host.store.get(place, id))._source).toEqual(body)
  })

  test('tell changes only when they are asked to', async () => {
    await call('write', { body: {} })
    await call('mWrite', { body: { documents: [{ body: {} }] } })
    expect(changes.count).toBe(0)
    await call('write', { body: {}, notify: true })
    await call('mWrite', { body: { documents: [{ body: {} }] }, notify: true })
    expect(changes.count).toBe(2)
  })

  test.each<[string, Partial<RequestData>, string]>([
    ['write', { body: {} }, 'notify'],
    ['mWrite', { body: { documents: [{ body: {} }, {}] } }, 'notify strict'],
    ['import', { body: { bulkData: [{ index: {} }, {}, { delete: { _id: 'z' } }] } }, 'strict'],
  ])('%s refuses a flag that is no boolean before it stores anything', async (action, data, flags) => {
    for (const flag of flags.split(' ')) expect((await call(action, { ...data, [flag]: 'yes' })).error).toMatchObject({ id: 'api.assert.invalid_type', props: [flag, 'boolean'] })
    expect(await host.store.count(place, {})).toBe(0)
  })

  test('by query answer how many', async () => {
    await call('mWrite', { body: { documents: [{ body: { n: 1 } }, { body: { n: 2 } }] } })
    expect((await call('updateByQuery', { body: { query: { range: { n: { gt: 1 } } }, changes: { big: true } } })).result).toEqual({ updated: 1 })
    expect((await call('deleteByQuery', { body: { query: { equals: { big: true } } }, lang: 'koncorde' })).result).toEqual({ deleted: 1 })
  })

  test('strict makes one failed line fail the whole answer, and the others are stored', async () => {
    const bulkData = [{ create: { _id: 'a' } }, { n: 1 }, { create: { _id: 'a' } }, { n: 2 }]
    expect((await call('import', { strict: true, body: { bulkData } })).error).toMatchObject({ id: 'api.process.incomplete_multiple_request', count: 1 })
    expect(await host.store.exists(place, 'a')).toBe(true)
  })

  test.each<[unknown]>([['nope'], [[{ destroy: {} }]], [[{ index: {} }]], [[null]]])('a bulk array that is %j is refused', async (bulkData) => {
    expect((await call('import', { body: { bulkData } })).error?.status).toBe(400)
  })
})

describe('the lines of an import', () => {
  const bulkData = [{ index: { _id: 'a' } }, { n: 1 }, { update: { _id: 'b', retry: 1 } }, { doc: { n: 2 } }, { delete: { _id: 'c' } }, { create: {} }, { n: 3 }]

  test('are read and written back the same', () => {
    expect(writeLines(readLines(bulkData) ?? [])).toEqual(bulkData)
  })

  test('keep order and operation when pipes change, drop and reorder their documents', () => {
    const lines = readLines(bulkData) ?? []
    const [first, last] = lines.filter(({ alias }) => alias === 'Write').map(({ document }) => document)
    const left = replaceDocuments(lines, 'Write', [last ?? {}, first ?? {}])
    expect(writeLines(left)).toEqual(bulkData)
    expect(writeLines(replaceDocuments(lines, 'Write', [{ _id: 'a', _source: { n: 9 } }])).slice(0, 3)).toEqual([{ index: { _id: 'a' } }, { n: 9 }, bulkData[2]])
    expect(writeLines(replaceDocuments(lines, 'Delete', []))).not.toContainEqual({ delete: { _id: 'c' } })
  })

  test('that were imported are shown with what was sent, generated ids too', () => {
    const lines = readLines(bulkData) ?? []
    expect(importedDocuments(lines, 'Write', [{ index: { _id: 'a', status: 200 } }, { create: { _id: 'made', status: 201 } }, { delete: { _id: 'c', status: 200 } }]))
      .toEqual([{ _id: 'a', _source: { n: 1 } }, { _id: 'made' }])
  })

  test.each<[string, unknown[]]>([['an unknown operation', [{ destroy: {} }]], ['a missing document', [{ index: {} }]], ['a document that is none', [{ index: {} }, 1]]])('with %s are left to the store', (_, malformed) => {
    expect(readLines(malformed)).toBeUndefined()
  })
})
