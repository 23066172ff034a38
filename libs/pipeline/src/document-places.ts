import { createError, type EventDocument, type Request } from '@mortise/sdk'

/** Where in a request documents are found, and put back. */
export interface DocumentPlace {
  /** `undefined` when the request is not shaped as its action wants it; the action will say so. */
  read(request: Request): EventDocument[] | undefined
  write(request: Request, documents: EventDocument[]): void
}

interface Places {
  readonly before?: DocumentPlace
  readonly after: DocumentPlace
}

/** The document and id of actions on one document. */
const single: DocumentPlace = {
  read: ({ input }) => [{ _id: input.args._id, _source: input.body ?? undefined }],
  write: ({ input }, documents) => {
    const document = onlyOf(documents)
    if (document._id !== undefined) input.args._id = document._id
    if (document._source !== undefined) input.body = document._source
  },
}

/** An action on one document cannot go on without it. @throws `plugin.runtime.unexpected_error` */
function onlyOf([document]: readonly EventDocument[]): EventDocument {
  if (!document) throw createError('plugin.runtime.unexpected_error', 'a pipe left out the only document of the request; to refuse it, throw an error')
  return document
}

/** A document within the body, under one of its keys. */
const within = (key: 'changes' | 'fields'): DocumentPlace => ({
  read: ({ input }) => [{ _id: input.args._id, _source: input.body?.[key] }],
  write: ({ input }, documents) => {
    const document = onlyOf(documents)
    if (document._id !== undefined) input.args._id = document._id
    if (document._source !== undefined) input.body = { ...input.body, [key]: document._source }
  },
})

const id: DocumentPlace = {
  read: ({ input }) => [{ _id: input.args._id }],
  write: ({ input }, documents) => {
    const { _id } = onlyOf(documents)
    if (_id !== undefined) input.args._id = _id
  },
}

/** Ids in the body, or in an argument, there also as a comma list or JSON. */
const ids: DocumentPlace = {
  read: ({ input }) => idList(input.body?.ids ?? input.args.ids)?.map((_id) => ({ _id })),
  write: ({ input }, documents) => {
    const list = documents.map(({ _id }) => _id)
    if (input.body && Object.keys(input.body).length > 0) input.body.ids = list
    else input.args.ids = list
  },
}

function idList(value: unknown): string[] | undefined {
  if (Array.isArray(value)) return value as string[]
  if (typeof value !== 'string') return undefined
  return value.startsWith('[') ? idList(safeParse(value)) : value.split(',')
}

function safeParse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Left to the action, which refuses it by name.
    return undefined
  }
}

/** Documents in the body's list, their content under `body` or `changes`, beside which the other keys of their entries stay. */
const listed = (key: 'body' | 'changes'): DocumentPlace => ({
  read: ({ input }) => {
    const documents: unknown = input.body?.documents
    if (!Array.isArray(documents)) return undefined
    return documents.map((document: Record<string, unknown> | null) => ({ ...identified(document?._id), _source: document?.[key] as Record<string, unknown> }))
  },
  write: ({ input }, documents) => {
    const old = input.body.documents as Entry[]
    input.body.documents = documents.map(({ _id, _source }, position) => ({
      ...(key === 'changes' && (entryOf(old, _id, position) ?? (old.length === documents.length && old[position]))), ...identified(_id), [key]: _source,
    }))
  },
})

type Entry = Record<string, unknown> | null

/** The entry of a document: pipes leave documents out and change their order, so it is known by its id, and of several by its position. */
const entryOf = (entries: readonly Entry[], _id: unknown, position: number): Entry | undefined =>
  (entries[position]?._id === _id ? entries[position] : entries.find((entry) => entry?._id === _id))

const identified = (_id: unknown): { _id?: string } => (_id === undefined ? {} : { _id: _id as string })

/** The result as one document. */
const result: DocumentPlace = {
  read: (request) => [request.result as EventDocument],
  write: (request, [document]) => setResult(request, document),
}

/** Documents in a list of the result. */
const resultList = (key: 'successes' | 'hits' | 'documents'): DocumentPlace => ({
  read: (request) => (request.result as Record<string, EventDocument[]> | null)?.[key],
  write: (request, documents) => setResult(request, { ...(request.result as object), [key]: documents }),
})

/** Ids in the result's list of successes. */
const resultIds: DocumentPlace = {
  read: (request) => (request.result as { successes?: string[] } | null)?.successes?.map((_id) => ({ _id })),
  write: (request, documents) => setResult(request, { ...(request.result as object), successes: documents.map(({ _id }) => _id) }),
}

/** A result that is a stream can be neither read nor replaced. */
const stream: DocumentPlace = { read: () => [], write: () => undefined }

const setResult = (request: Request, value: unknown): void => request.setResult(value, { status: request.status })

const PLACES: Record<string, Places> = {
  create: { before: single, after: result },
  createOrReplace: { before: single, after: result },
  replace: { before: single, after: result },
  update: { before: single, after: result },
  upsert: { before: within('changes'), after: result },
  deleteFields: { before: within('fields'), after: result },
  delete: { before: id, after: result },
  get: { before: id, after: result },
  exists: { before: id, after: result },
  mDelete: { before: ids, after: resultIds },
  mExists: { before: ids, after: resultIds },
  mGet: { before: ids, after: resultList('successes') },
  mCreate: { before: listed('body'), after: resultList('successes') },
  mCreateOrReplace: { before: listed('body'), after: resultList('successes') },
  mReplace: { before: listed('body'), after: resultList('successes') },
  mUpdate: { before: listed('body'), after: resultList('successes') },
  mUpsert: { before: listed('changes'), after: resultList('successes') },
  updateByQuery: { after: resultList('successes') },
  deleteByQuery: { after: resultList('documents') },
  search: { after: resultList('hits') },
  export: { after: stream },
}

/** Where an action of the `document` controller has its documents. Source: the protocol's table of generic events. */
export const placeOf = (action: string): Places | undefined => (Object.hasOwn(PLACES, action) ? PLACES[action] : undefined)
