import { setImmediate as nextTurn } from 'node:timers/promises'
import { ApiError, createError, type Request } from '@mortise/sdk'
import { inSlices, isObject } from '@app/storage'
import type { FailedDocument, ManyResult, Place, Properties, WrittenDocument } from '@app/storage'
import { checkFlags, isSourceWanted, placeOf } from './document-input.js'

/** One document of a request: under `key`, its content. */
export type Entry = { _id?: string } & Properties

/** How an action writes many documents. */
export interface BatchWay<Input> {
  /** Where in an entry its content stands. */
  readonly key: 'body' | 'changes'
  readonly needsId: boolean
  /** Whether it only changes documents that are there; it then answers which fields it was given. */
  readonly isUpdate?: boolean
  /** What an entry must meet besides its shape; yields the entry to write. @throws ApiError why it must not be written. */
  check?(place: Place, entry: Entry): Promise<Entry>
  /** Makes what the store gets. */
  toInput(entry: Entry): Input
  write(place: Place, inputs: readonly Input[]): Promise<ManyResult<WrittenDocument, FailedDocument>>
  /** Told what was written, before the answer is made. */
  tell?(written: readonly WrittenDocument[]): void
}

/** What the actions on many documents answer. */
export interface BatchAnswer {
  successes: (Partial<WrittenDocument> & { _id: string })[]
  errors: object[]
}

/**
 * Writes many documents, each for itself: malformed entries and those that do
 * not pass the check are listed with the store's refusals, and the rest is
 * stored.
 *
 * @param limit - How many documents the request may name.
 * @throws `services.storage.write_limit_exceeded` (413) and whatever makes the request unreadable (400), before anything is stored.
 * @throws `api.process.incomplete_multiple_request` (400) when the request is `strict` and an entry failed; the others are stored.
 */
export async function runBatch<Input>(request: Request, limit: number, way: BatchWay<Input>): Promise<BatchAnswer> {
  const place = placeOf(request)
  checkFlags(request, 'strict')
  const { sound, errors } = await sort(place, readEntries(request, limit), way)
  const inputs = new Map(await inSlices(sound, (entry): [unknown, Entry] => [way.toInput(entry), entry]))
  const result = await way.write(place, [...inputs.keys()] as Input[])
  // Those that failed are given back as they were sent, without what was put in on the way.
  for (const failed of result.errors) errors.push({ ...failed, document: inputs.get(failed.document) ?? failed.document })
  way.tell?.(result.successes)
  const shown = { source: isSourceWanted(request), isUpdate: way.isUpdate ?? false }
  return refuseIfStrict(request, { successes: await inSlices(result.successes, (written) => toAnswer(written, shown)), errors })
}

/** So many entries are checked before others get a turn of the event loop. */
const SLICE = 250

async function sort<Input>(place: Place, entries: readonly unknown[], way: BatchWay<Input>): Promise<{ sound: Entry[]; errors: object[] }> {
  const sound: Entry[] = []
  const errors: object[] = []
  for (const [position, entry] of entries.entries()) {
    if (position % SLICE === SLICE - 1) await nextTurn()
    try {
      checkShape(entry, way)
      sound.push(await way.check?.(place, entry) ?? entry)
    } catch (error) {
      if (!ApiError.is(error) || error.status >= 500) throw error
      errors.push({ document: entry, reason: error.message, status: error.status })
    }
  }
  return { sound, errors }
}

/** Makes an answer with errors fail, when the request wants all or an error. */
export function refuseIfStrict<T extends { errors: readonly unknown[] }>(request: Request, answer: T): T {
  if (answer.errors.length > 0 && request.getBoolean('strict')) {
    throw createError('api.process.incomplete_multiple_request', request.input.action ?? '', answer.errors)
  }
  return answer
}

function readEntries(request: Request, limit: number): unknown[] {
  const entries = request.getBodyArray('documents')
  if (entries.length > limit) throw createError('services.storage.write_limit_exceeded')
  entries.forEach((entry, position) => {
    if (isObject(entry) && entry._source !== undefined) throw createError('api.assert.unexpected_argument', `body.documents[${position}]._source`, 'body')
  })
  return entries
}

function checkShape<Input>(entry: unknown, { key, needsId }: BatchWay<Input>): asserts entry is Entry {
  if (!isObject(entry)) throw createError('api.assert.invalid_type', 'document', 'object')
  if (!isObject(entry[key])) throw createError('api.assert.invalid_type', `document.${key}`, 'object')
  const { _id = null } = entry
  if (_id === null && needsId) throw createError('api.assert.missing_argument', 'document._id')
  if (_id !== null && typeof _id !== 'string') throw createError('api.assert.invalid_type', 'document._id', 'string')
}

/** Updates tell which fields they were given; other writes, whether the document is new. */
function toAnswer(written: WrittenDocument, shown: { source: boolean; isUpdate: boolean }): BatchAnswer['successes'][number] {
  const { _id, _source, _version, status, created, result, _updatedFields } = written
  return { _id, ...(shown.source && { _source }), _version, status, ...(shown.isUpdate ? { _updatedFields } : { created, result }) }
}
