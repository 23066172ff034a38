import { ApiError, createError } from '@mortise/sdk'
import type { Place } from '../document-store.js'
import type { Write } from '../engines/engine.js'
import type { BulkItem, BulkResult } from '../searches.js'
import type { Catalogue, Collection } from './catalogue.js'
import { plans, toResult } from './documents-writer.js'
import type { DocumentsWriter } from './documents-writer.js'
import { createDocumentId } from './document-id.js'
import { inSlices } from './slices.js'

type Properties = Record<string, unknown>

/** One operation of a bulk array: its line and, for all but `delete`, the line below. */
interface Line { operation: Operation; id: string; document?: Properties }

const OPERATIONS = ['index', 'create', 'update', 'delete'] as const
type Operation = (typeof OPERATIONS)[number]

/** Keys that Elasticsearch knows and that change nothing here: the place is given by the call. */
const LINE_KEYS = new Set(['_id', '_index', '_type', 'retry_on_conflict'])

const isObject = (value: unknown): value is Properties => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Carries out a bulk array in the order of its lines. See {@link DocumentStore.import}. */
export async function importBulk(
  catalogue: Catalogue, writer: DocumentsWriter, { place, bulkData }: { place: Place; bulkData: readonly Properties[] },
): Promise<BulkResult> {
  const lines = readLines(bulkData)
  const collection = await catalogue.find(place)
  const attempts = await writer.planning(place, (draft) => inSlices(lines, (line) => attempt(() => planLine(draft, line))))
  const outcomes = (await writer.carryOut(collection, attempts.filter((write): write is Write => !ApiError.is(write)))).values()
  const result: BulkResult = { successes: [], errors: [] }
  const planned = attempts.values()
  await inSlices(lines, (line) => {
    const write = planned.next().value!
    const written = ApiError.is(write) ? write : attempt(() => toResult(collection, write, outcomes.next().value!))
    if (ApiError.is(written)) result.errors.push(toFailure(line, written))
    else result.successes.push({ [line.operation]: { _id: line.id, status: line.operation === 'delete' ? 200 : written.status } })
  })
  return result
}

function readLines(bulkData: readonly Properties[]): Line[] {
  if (!Array.isArray(bulkData)) throw createError('services.storage.invalid_argument', 'bulkData', 'an array')
  const lines: Line[] = []
  for (let index = 0; index < bulkData.length; index++) {
    const { operation, parameters } = readOperation(bulkData[index], index)
    const id = readId(operation, parameters._id ?? undefined, index)
    if (operation === 'delete') lines.push({ operation, id })
    else {
      const document: unknown = bulkData[++index]
      if (!isObject(document)) throw createError('services.storage.invalid_argument', `bulkData[${index}]`, `the document of "${operation}"`)
      lines.push({ operation, id, document })
    }
  }
  return lines
}

function readOperation(line: unknown, index: number): { operation: Operation; parameters: Properties } {
  const [operation, ...others] = isObject(line) ? Object.keys(line) : []
  const parameters = isObject(line) ? line[operation ?? ''] : undefined
  if (others.length > 0 || !OPERATIONS.includes(operation as Operation) || !isObject(parameters)) {
    throw createError('services.storage.invalid_argument', `bulkData[${index}]`, `one of ${OPERATIONS.join(', ')} with an object`)
  }
  const unknown = Object.keys(parameters).find((key) => !LINE_KEYS.has(key))
  if (unknown === 'routing' || unknown === '_routing') throw createError('services.storage.no_routing', unknown)
  if (unknown !== undefined) throw createError('services.storage.invalid_argument', `bulkData[${index}]`, `no parameter "${unknown}"`)
  return { operation: operation as Operation, parameters }
}

/** As Elasticsearch has it: numbers and booleans stand for their text, and only what may be new can do without an id. */
function readId(operation: Operation, id: unknown, index: number): string {
  const needsId = operation === 'update' || operation === 'delete'
  if (id === undefined && !needsId) return createDocumentId()
  if (id === undefined || typeof id === 'object') throw createError('services.storage.invalid_argument', `bulkData[${index}].${operation}._id`, 'a string')
  return String(id)
}

function planLine(collection: Collection, { operation, id, document = {} }: Line): Write {
  switch (operation) {
    case 'index': return plans.put(collection, { _id: id, body: document })
    case 'create': return plans.create(collection, { _id: id, body: document })
    case 'delete': return plans.delete(collection, id)
    case 'update': return planUpdate(collection, id, document)
  }
}

function planUpdate(collection: Collection, id: string, { doc, upsert, doc_as_upsert: insert, ...others }: Properties): Write {
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) throw createError('services.storage.unexpected_bad_request', `A bulk update cannot have "${unknown}".`)
  const changes = (doc ?? {}) as Properties
  if (!isObject(upsert) && insert !== true) return plans.update(collection, { _id: id, body: changes })
  const write = plans.upsert(collection, { _id: id, changes })
  return isObject(upsert) ? { ...write, whenMissing: plans.put(collection, { _id: id, body: upsert }).source } : write
}

function attempt<T>(work: () => T): T | ApiError {
  try {
    return work()
  } catch (error) {
    if (ApiError.is(error)) return error
    throw error
  }
}

/** Elasticsearch's own statuses and types, which clients of bulk imports read. */
function toFailure({ operation, id, document }: Line, error: ApiError): BulkItem {
  const [status, type] = error.id === 'services.storage.document_already_exists' ? [409, 'version_conflict_engine_exception']
    : error.id === 'services.storage.not_found' ? [404, 'document_missing_exception']
      : [error.status, error.status === 400 ? 'document_parsing_exception' : 'exception']
  return { [operation]: { _id: id, status: status as number, ...(document && { _source: document }), error: { type: type as string, reason: error.message } } }
}
