import { createError } from '@mortise/sdk'

/** Where arguments come from: those of a request, or of one action of `mexecute`. */
export interface ArgumentSource {
  readonly args: Readonly<Record<string, unknown>>
  readonly body: unknown
}

/** Yields arguments as Redis takes them. @throws `api.assert.missing_argument`, `api.assert.invalid_type` */
export type ReadArguments = (source: ArgumentSource) => string[]

interface Place {
  readonly word: string
  readonly mark: string
  readonly name: string
  readonly fields: readonly string[]
  readonly many: string
  readonly isOptional: boolean
}

/** `WORD=body.name{a,b}*?`, each part but the name optional. */
const PLACE = /^([A-Z]*)([=!~#^]?)([\w.]+?)(?:\{([\w,]+)\})?([*+]?)(\??)$/

/** Compiles arguments as the table of commands writes them. */
export function compileArguments(written: string): ReadArguments {
  const readers = written.split(' ').filter(Boolean).map(parse).map(readerOf)
  return (source) => readers.flatMap((read) => read(source))
}

function parse(written: string): Place {
  const [, word = '', mark = '', name = '', fields, many = '', optional] = PLACE.exec(written) as RegExpExecArray
  return { word, mark, name, fields: fields?.split(',') ?? [], many, isOptional: optional === '?' || mark === '!' }
}

function readerOf(place: Place): ReadArguments {
  const { name, isOptional } = place
  return (source) => {
    const value = valueOf(source, name)
    if (value !== undefined && value !== null) return writtenOf(place, value)
    if (isOptional) return []
    throw createError('api.assert.missing_argument', name)
  }
}

function writtenOf(place: Place, value: unknown): string[] {
  const { word, mark, many, name } = place
  if (mark === '!') return value === true || value === 'true' ? [word] : []
  const texts = many === '' && mark !== '~' ? [textOf(value, name)] : listOf(place, value)
  // A word before each of the list, or once before it all.
  if (many === '+') return texts.flatMap((text) => [word, text])
  if (mark === '^') return texts.map((text) => text.toUpperCase())
  if (mark === '#') return [String(texts.length), ...texts]
  return word ? [word, ...texts] : texts
}

function valueOf({ args, body }: ArgumentSource, name: string): unknown {
  if (!name.startsWith('body.')) return args[name]
  const content = body as Record<string, unknown> | null | undefined
  return typeof content === 'object' ? content?.[name.slice('body.'.length)] : undefined
}

function listOf({ name, fields, isOptional }: Place, value: unknown): string[] {
  const items: unknown[] = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [value]
  if (items.length === 0 && !isOptional) throw createError('api.assert.empty_argument', name)
  if (fields.length === 0) return items.map((item) => textOf(item, name))
  return items.flatMap((item) => fields.map((field) => {
    const part = (item as Record<string, unknown> | null)?.[field]
    if (part === undefined || part === null) throw createError('api.assert.missing_argument', `${name}.${field}`)
    return textOf(part, `${name}.${field}`)
  }))
}

function textOf(value: unknown, name: string): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw createError('api.assert.invalid_type', name, 'string')
}
