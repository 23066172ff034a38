/** What clients do. Each operation knows its request and what it changes, so that it can be told afterwards whether it was carried out. */
import { randomBytes, randomInt, randomUUID } from 'node:crypto'

/** As many documents, at most, as one operation takes up. */
export const FEW = 20

let serials = 0

/** Documents of very different sizes: some fill several pages of the file. */
const content = () => ({ revision: randomUUID(), text: randomBytes(randomInt(10) === 0 ? randomInt(12_000) : randomInt(200)).toString('hex') })
const fresh = () => ({ serial: serials++, ...content() })
const creation = (source, id) => ({ id, source, version: 1 })
const deletion = (id) => ({ id, source: undefined })

/** A change of one document: its `id`, unless the host makes it, what it then holds, and its version; no `source` when it is deleted. */
const makers = {
  create() {
    const source = fresh()
    const _id = randomInt(2) === 0 ? `own-${source.serial}` : undefined
    return { request: { action: 'create', _id, body: source }, changes: [creation(source, _id)], idsOf: ({ _id: id }) => [id] }
  },
  mCreate() {
    const sources = Array.from({ length: 2 + randomInt(60) }, fresh)
    return {
      request: { action: 'mCreate', body: { documents: sources.map((body) => ({ body })) } },
      changes: sources.map((source) => creation(source)),
      idsOf: ({ successes }) => successes.map(({ _id }) => _id),
    }
  },
  createOrReplace([[id, { source, version }]]) {
    const body = { serial: source.serial, ...content() }
    return { request: { action: 'createOrReplace', _id: id, body }, changes: [{ id, source: body, version: version + 1 }], idsOf: () => [id] }
  },
  update([[id, { source, version }]]) {
    const body = content()
    return { request: { action: 'update', _id: id, body }, changes: [{ id, source: { ...source, ...body }, version: version + 1 }], idsOf: () => [id] }
  },
  delete([[id]]) {
    return { request: { action: 'delete', _id: id }, changes: [deletion(id)], idsOf: () => [id] }
  },
  mDelete(documents) {
    const ids = documents.map(([id]) => id)
    return { request: { action: 'mDelete', body: { ids } }, changes: ids.map(deletion), idsOf: ({ successes }) => successes }
  },
}

const WEIGHTS = { create: 8, update: 8, mCreate: 2, createOrReplace: 3, delete: 4, mDelete: 4 }
const choices = Object.entries(WEIGHTS).flatMap(([name, weight]) => Array(weight).fill(name))
const creates = choices.filter((name) => name === 'create' || name === 'mCreate')

/** The next operation of a client that has these documents to itself: a few of them, as `[id, { source, version }]`. */
export function chooseOperation(documents, onlyCreates) {
  const some = onlyCreates ? creates : choices
  const name = documents.length < FEW ? 'create' : some[randomInt(some.length)]
  return { name, ...makers[name](documents) }
}
