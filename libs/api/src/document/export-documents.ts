import { Readable } from 'node:stream'
import { createError, type Request } from '@mortise/sdk'
import { fieldPathsOf, flatten, readPath } from './field-paths.js'
import { placeOf, textsOf } from './document-input.js'
import type { Place, StoredDocument } from '@app/storage'
import type { Store } from '../ports/store.js'

type ToLine = (document: StoredDocument) => string

/** A way to write documents down: a first line, if any, and one for each document. */
interface Format {
  readonly contentType: string
  readonly header?: string
  readonly toLine: ToLine
}

/**
 * Streams all documents that match a query, one a line, as JSON (`jsonl`) or
 * separated values (`csv`). Memory does not grow with the collection.
 *
 * @throws `api.assert.unsupported_protocol` (500) over anything but HTTP, and what is wrong with collection, query or format.
 */
export async function exportDocuments(request: Request, store: Store): Promise<Readable> {
  const { protocol } = request.context.connection
  if (protocol !== 'http') throw createError('api.assert.unsupported_protocol', protocol ?? 'none', 'document:export')
  const place = placeOf(request)
  const query = request.getObjectFromBodyOrArgs('query', {})
  const lang = request.getLangParam()
  const format = await readFormat(request, place, store)
  // A stream that has begun cannot say what is wrong: a mistaken collection or query shows here.
  await store.count(place, { query }, { lang })
  request.response.configure({ format: 'raw', headers: { 'Content-Type': format.contentType } })
  return Readable.from(writeLines(format, store.export(place, { query }, { lang })))
}

async function* writeLines({ header, toLine }: Format, documents: AsyncIterable<StoredDocument>): AsyncIterable<string> {
  if (header !== undefined) yield `${header}\n`
  for await (const document of documents) yield `${toLine(document)}\n`
}

async function readFormat(request: Request, place: Place, store: Store): Promise<Format> {
  const name = request.getString('format', 'jsonl')
  const fields = textsOf(request.getArrayFromBodyOrArgs('fields', []), 'fields')
  if (name === 'jsonl') return { contentType: 'application/x-ndjson', toLine: jsonLine(fields, request.getBoolean('collapse')) }
  if (name !== 'csv') throw createError('api.assert.invalid_argument', 'format', '"jsonl" or "csv"')
  const columns = fields.length > 0 ? fields : fieldPathsOf((await store.getMapping(place)).properties)
  const titles = request.getObjectFromBodyOrArgs<Record<string, string>>('fieldsName', {})
  const separator = request.getString('separator', ',')
  const join = (cells: readonly unknown[]): string => cells.map((cell) => toCell(cell, separator)).join(separator)
  return {
    contentType: 'text/csv; charset=utf-8',
    header: join(['_id', ...columns].map((column) => titles[column] ?? column)),
    toLine: ({ _id, _source }) => join([_id, ...columns.map((column) => readPath(_source, column))]),
  }
}

function jsonLine(fields: readonly string[], isCollapsed: boolean): ToLine {
  return ({ _id, _source }) => {
    if (fields.length > 0) return JSON.stringify({ _id, _source: Object.fromEntries(fields.map((field) => [field, readPath(_source, field)])) })
    return JSON.stringify({ _id, _source: isCollapsed ? flatten(_source) : _source })
  }
}

/** Quoted where a reader would take it apart otherwise, as RFC 4180 says. */
function toCell(value: unknown, separator: string): string {
  if (value === undefined || value === null) return ''
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return text.includes(separator) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
