import type { EventDocument } from '@mortise/sdk'
import { isObject } from '@app/storage'
import type { BulkItem, Properties } from '@app/storage'
import type { Alias } from './generic-events.js'

const ALIASES: Readonly<Record<string, Alias>> = { index: 'Write', create: 'Write', update: 'Update', delete: 'Delete' }

/** One operation of a bulk array, with the document as generic events show it. */
export interface ImportLine {
  readonly operation: string
  readonly alias: Alias
  readonly header: Properties
  document: EventDocument
}

/** Reads a bulk array; `undefined` when it is malformed, which the store then says in detail. */
export function readLines(bulkData: readonly unknown[]): ImportLine[] | undefined {
  const lines: ImportLine[] = []
  const entries = bulkData.values()
  for (const entry of entries) {
    const line = readOperation(entry)
    if (!line) return undefined
    if (line.operation !== 'delete') {
      const source: unknown = entries.next().value
      if (!isObject(source)) return undefined
      line.document._source = contentOf(line.operation, source)
    }
    lines.push(line)
  }
  return lines
}

function readOperation(entry: unknown): ImportLine | undefined {
  const [operation = '', header] = isObject(entry) ? Object.entries(entry)[0] ?? [] : []
  const alias = Object.hasOwn(ALIASES, operation) ? ALIASES[operation] : undefined
  if (!alias || !isObject(header)) return undefined
  return { operation, alias, header, document: typeof header._id === 'string' ? { _id: header._id } : {} }
}

/** An update's document stands under `doc`. */
const contentOf = (operation: string, source: Properties): Properties =>
  (operation === 'update' && isObject(source.doc) ? source.doc : source)

/**
 * Puts back what pipes left of the documents of one kind: those that are gone
 * are not imported, the others keep their operation and place. Documents are
 * known again by being the same object, or else by position.
 */
export function replaceDocuments(lines: readonly ImportLine[], alias: Alias, documents: readonly EventDocument[]): ImportLine[] {
  const own = lines.filter((line) => line.alias === alias)
  const byDocument = new Map(own.map((line) => [line.document, line]))
  const byId = firstById(own)
  const isSameLength = own.length === documents.length
  const left = new Map<ImportLine, EventDocument>()
  documents.forEach((document, position) => {
    const line = byDocument.get(document) ?? (isSameLength ? own[position] : byId.get(document._id))
    if (line) left.set(line, document)
  })
  return lines.filter((line) => line.alias !== alias || left.has(line)).map((line) => ({ ...line, document: left.get(line) ?? line.document }))
}

/** The bulk array that the lines stand for. */
export function writeLines(lines: readonly ImportLine[]): Properties[] {
  return lines.flatMap(({ operation, header, document: { _id, _source } }) => [
    { [operation]: { ...header, ...(_id !== undefined && { _id }) } },
    ...(operation === 'delete' ? [] : [operation === 'update' ? { doc: _source } : _source as Properties]),
  ])
}

/** The documents of one kind that were imported, as the store lists them. */
export function importedDocuments(lines: readonly ImportLine[], alias: Alias, successes: readonly BulkItem[]): EventDocument[] {
  const ids = successes.flatMap((item) => Object.entries(item).filter(([operation]) => ALIASES[operation] === alias).map(([, { _id }]) => _id))
  const sent = firstById(lines.filter((line) => line.alias === alias))
  return ids.map((_id) => ({ ...sent.get(_id)?.document, _id }))
}

/** Of several lines for one document, the first. */
const firstById = (lines: readonly ImportLine[]): Map<string | undefined, ImportLine> =>
  new Map(lines.map((line): [string | undefined, ImportLine] => [line.document._id, line]).reverse())
