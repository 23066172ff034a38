import { fits } from './elasticsearch/fields.js'
import { allowOnly, isObject, readText, refuse } from './elasticsearch/query-fault.js'

type Properties = Record<string, unknown>

/** Takes of a document what a search asked for. */
export type SelectSource = (source: Properties) => Properties

/** A name selects a field with all that is in it; `*` stands for anything, dots included. */
const isNamed = (path: string, patterns: readonly string[][]): boolean => patterns.some((parts) => fits(path, parts))

/**
 * Reads `_source`: `true` or nothing for all, `false` for none, names with `*`, or `{ includes, excludes }`.
 * A field is selected when it, or something it is part of, is included, and neither is excluded.
 */
export function readSourceSelection(selection: unknown): SelectSource {
  if (selection === undefined || selection === true) return (source) => source
  if (selection === false) return () => ({})
  const given = isObject(selection) ? selection : { includes: selection }
  allowOnly(given, ['includes', 'include', 'excludes', 'exclude'], '_source')
  const includes = readPatterns(given.includes ?? given.include)
  const excludes = readPatterns(given.excludes ?? given.exclude)
  return (source) => select(source, { includes, excludes, prefix: '', selected: includes.length === 0 }) ?? {}
}

function readPatterns(names: unknown): string[][] {
  if (names === undefined) return []
  if (typeof names !== 'string' && !Array.isArray(names)) return refuse('"_source" must be a boolean, names, or includes and excludes.')
  return [names].flat().map((name) => readText(name, '_source').split('*'))
}

interface Walk { includes: string[][]; excludes: string[][]; prefix: string; selected: boolean }

function select(source: Properties, walk: Walk): Properties | undefined {
  const entries = Object.entries(source).flatMap(([name, value]) => {
    const path = walk.prefix + name
    if (isNamed(path, walk.excludes)) return []
    const selected = selectValue(value, { ...walk, prefix: `${path}.`, selected: walk.selected || isNamed(path, walk.includes) })
    return selected === undefined ? [] : [[name, selected] as const]
  })
  return entries.length > 0 || walk.selected ? Object.fromEntries(entries) : undefined
}

function selectValue(value: unknown, walk: Walk): unknown {
  if (isObject(value)) return select(value, walk)
  if (Array.isArray(value) && value.some(isObject)) {
    const elements = value.map((element) => selectValue(element, walk)).filter((element) => element !== undefined)
    return elements.length > 0 || walk.selected ? elements : undefined
  }
  return walk.selected ? value : undefined
}
