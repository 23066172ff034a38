import { ApiError, type EventDocument, type Request } from '@mortise/sdk'
import { isThenable } from '@app/supervision'
import { storedFor, type ReadDocuments } from './stored-documents.js'
import { isObject, matchesFilter, normalizeFilter, parseFilter } from '@app/storage'

/** What is called with an event's payload; what a pipe yields replaces the first of it. */
export type Handler = (...payload: unknown[]) => unknown

type Matches = (document: EventDocument) => boolean

/**
 * A listener that is called only for what satisfies a filter; anything else
 * passes by it unchanged.
 *
 * - Of a request, the filter sees its document: what it answers with or, before it does, what it brings. One with many
 *   documents is handed over when any of them matches.
 * - Of an update that is done, it sees the whole document as it is stored now, of which the answer carries little.
 * - Of a generic document event, only the documents that match are handed over, and put back in their places.
 * - Of a deletion, it sees the documents as they were stored, which requests and listeners know by their ids only.
 * - Of any other event, it sees the first thing that listeners get.
 *
 * @param read - Reads what is about to be deleted; without, a filter sees only its ids then.
 * @throws `api.assert.koncorde_dsl_error` when the filter cannot be read.
 */
export function filterListener(where: unknown, handler: Handler, read?: ReadDocuments): Handler {
  const filter = normalizeFilter(parseFilter(where))
  const matches: Matches = ({ _id, _source }) => matchesFilter(filter, _source ?? {}, _id)
  return (...payload) => {
    const request = payload.find(isRequest)
    const known = request && storedFor(request, read)
    const hand = (stored?: readonly EventDocument[]): unknown => handOver(payload, handler, stored ? withContents(matches, stored) : matches, stored)
    return isThenable(known) ? Promise.resolve(known).then(hand) : hand(known)
  }
}

function handOver(payload: readonly unknown[], handler: Handler, matches: Matches, stored: readonly EventDocument[] | undefined): unknown {
  const [first, second] = payload
  if (Array.isArray(first) && isRequest(second)) return handMatching(first as EventDocument[], matches, (selected) => handler(selected, ...payload.slice(1)))
  return (stored ?? documentsOf(first)).some(matches) ? handler(...payload) : first
}

/** Looks at what the documents of these ids held, whatever is told of them. */
function withContents(matches: Matches, stored: readonly EventDocument[]): Matches {
  const byId = new Map(stored.map((document) => [document._id, document]))
  return (document) => matches(byId.get(document._id) ?? document)
}

/** What is wrong with a filter, or `undefined` when it can be read. */
export function findFilterFault(where: unknown): ApiError | undefined {
  try {
    parseFilter(where)
    return undefined
  } catch (fault) {
    if (ApiError.is(fault)) return fault
    throw fault
  }
}

/** Hands over the documents that match, and puts what comes back where they were. */
function handMatching(documents: readonly EventDocument[], matches: Matches, hand: (selected: EventDocument[]) => unknown): unknown {
  const isSelected = documents.map(matches)
  const selected = documents.filter((_, position) => isSelected[position])
  if (selected.length === 0) return documents
  const putBack = (answer: unknown): unknown => (Array.isArray(answer) ? merge(documents, isSelected, answer as EventDocument[]) : answer)
  const answer = hand(selected)
  return isThenable(answer) ? Promise.resolve(answer).then(putBack) : putBack(answer)
}

/** A listener may give back fewer documents, which drops the last of those it got, or more, which come last. */
function merge(documents: readonly EventDocument[], isSelected: readonly boolean[], changed: readonly EventDocument[]): EventDocument[] {
  const left = [...changed]
  const merged = documents.flatMap((document, position) => (isSelected[position] ? left.splice(0, 1) : [document]))
  return [...merged, ...left]
}

function documentsOf(payload: unknown): EventDocument[] {
  if (!isRequest(payload)) return isObject(payload) ? [{ _id: textOf(payload._id), _source: payload }] : []
  const { result, input: { args, body } } = payload
  return listIn(result) ?? listIn(body) ?? [{ _id: textOf(args._id) ?? (isObject(result) ? textOf(result._id) : undefined), _source: contentOf(result) ?? body ?? undefined }]
}

const contentOf = (result: unknown): Record<string, unknown> | undefined =>
  (isObject(result) && isObject(result._source) ? result._source : undefined)

/** The documents in a body or result that lists them. */
function listIn(value: unknown): EventDocument[] | undefined {
  if (!isObject(value)) return undefined
  const list = [value.successes, value.hits, value.documents].find(Array.isArray) as unknown[] | undefined
  return list?.filter(isObject).map((entry) => {
    const content = [entry._source, entry.body, entry.changes].find(isObject)
    return { _id: textOf(entry._id), _source: content }
  })
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** Told by shape: a plugin may carry its own copy of the SDK. */
const isRequest = (value: unknown): value is Request => isObject(value) && 'input' in value && 'context' in value
