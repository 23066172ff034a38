import type { Request } from '@mortise/sdk'

type Fields = Record<string, unknown>

/**
 * What a listener is at work on when it gets this payload: of a request, each
 * document it is about, as `document:update shop/orders/a`, or where it has
 * none, the action and where it acts; of anything else, its `_id`.
 */
export function entitiesOf([first, second]: readonly unknown[]): readonly string[] {
  if (Array.isArray(first) && isRequest(second)) return about(second, idsIn(first))
  if (isRequest(first)) return about(first, idsOf(first))
  if (!isFields(first)) return ['']
  if (isRequest(first.request)) return about(first.request, idsOf(first.request))
  return [typeof first._id === 'string' ? first._id : '']
}

function about({ input: { controller, action, args } }: Request, ids: readonly string[]): readonly string[] {
  const place = `${controller}:${action} ${String(args.index)}/${String(args.collection)}`
  return ids.length > 0 ? ids.map((id) => `${place}/${id}`) : [place]
}

/** One id in the arguments or the result, or those of the documents that body or result list. */
function idsOf({ input: { args, body }, result }: Request): readonly string[] {
  if (typeof args._id === 'string') return [args._id]
  const listed = [...listsIn(result), ...listsIn(body)]
  return listed.length > 0 ? idsIn(listed) : idsIn([result])
}

const listsIn = (value: unknown): unknown[] =>
  (isFields(value) ? [value.successes, value.hits, value.documents, value.ids].filter(Array.isArray).flat() : [])

const idsIn = (documents: readonly unknown[]): string[] =>
  documents.map((document) => (isFields(document) ? document._id : document)).filter((id): id is string => typeof id === 'string')

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null

/** Told by shape: a plugin may carry its own copy of the SDK. */
const isRequest = (value: unknown): value is Request => isFields(value) && 'input' in value && 'context' in value
