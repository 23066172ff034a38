import type { Reply } from '../memory-store.js'
import { type CommandTable } from './command-table.js'
import { CommandFault, float, integer, syntax, wrongKind } from './fault.js'
import type { Keyspace } from './keyspace.js'
import { compareBytes } from './sorted-set.js'

interface SortOptions {
  by?: string
  get: string[]
  limit: [offset: number, count: number]
  isReversed: boolean
  isText: boolean
  store?: string
}

/** Words of the command, each with how many arguments it takes. */
const WORDS: Readonly<Record<string, [size: number, read: (options: SortOptions, given: string[]) => void]>> = {
  by: [1, (options, [pattern]) => { options.by = pattern }],
  get: [1, (options, [pattern = '']) => { options.get.push(pattern) }],
  limit: [2, (options, [offset, count]) => { options.limit = [integer(offset), integer(count)] }],
  asc: [0, (options) => { options.isReversed = false }],
  desc: [0, (options) => { options.isReversed = true }],
  alpha: [0, (options) => { options.isText = true }],
  store: [1, (options, [key]) => { options.store = key }],
}

function readOptions(given: string[]): SortOptions {
  const options: SortOptions = { get: [], limit: [0, -1], isReversed: false, isText: false }
  for (let at = 0; at < given.length; at++) {
    const [size, read] = WORDS[given[at]?.toLowerCase() ?? ''] ?? [0, undefined]
    if (!read || at + size >= given.length) throw syntax()
    read(options, given.slice(at + 1, at + 1 + size))
    at += size
  }
  return options
}

/** What a pattern leads to for an element: `#` is itself, `*` stands for it, `->` leads into a hash. Without `*` it leads nowhere. */
function lookUp(space: Keyspace, pattern: string, element: string): string | null {
  if (pattern === '#') return element
  if (!pattern.includes('*')) return null
  const [key = '', field] = pattern.replace('*', () => element).split('->')
  return valueAt(space, key, field) ?? null
}

/** The text of a key, or of a field of the hash that it holds; what is of another kind has none. */
function valueAt(space: Keyspace, key: string, field?: string): string | undefined {
  const kind = space.kindOf(key)
  if (field !== undefined) return kind === 'hash' ? space.get('hash', key)?.get(field) : undefined
  return kind === 'string' ? space.get('string', key)?.toString() : undefined
}

function elementsOf(space: Keyspace, key: string): string[] {
  const kind = space.kindOf(key)
  if (kind === 'list' || kind === 'set') return [...space.get(kind, key) ?? []]
  if (kind === 'zset') return (space.get('zset', key)?.ranked ?? []).map(([member]) => member)
  if (kind !== undefined) throw wrongKind()
  return []
}

function ordered(space: Keyspace, elements: string[], { by, isText, isReversed }: SortOptions): string[] {
  if (by !== undefined && !by.includes('*')) return elements
  const weighed = elements.map((element) => ({ element, weight: by === undefined ? element : lookUp(space, by, element) }))
  const numbers = new Map(isText ? [] : weighed.map(({ element, weight }) => [element, number(weight)]))
  const weight = (element: string): number => numbers.get(element) ?? 0
  weighed.sort((a, b) => (isText ? compareBytes(a.weight ?? '', b.weight ?? '') : weight(a.element) - weight(b.element)) || compareBytes(a.element, b.element))
  if (isReversed) weighed.reverse()
  return weighed.map(({ element }) => element)
}

function number(text: string | null): number {
  try {
    return float(text || '0')
  } catch {
    throw new CommandFault('ERR what is sorted holds something that is no number')
  }
}

export const sortCommands: CommandTable = {
  sort: (space, key, ...given): Reply => {
    const options = readOptions(given)
    const { get, limit: [offset, count], store } = options
    const elements = ordered(space, elementsOf(space, key), options).slice(Math.max(offset, 0), count < 0 ? undefined : Math.max(offset, 0) + count)
    const found = get.length === 0 ? elements : elements.flatMap((element) => get.map((pattern) => lookUp(space, pattern, element)))
    if (store === undefined) return found
    space.put('list', store, found.map((value) => value ?? ''))
    return found.length
  },
}
