import type { Condition, FieldCondition, Filter, Point } from '@app/storage'

/** A filter in the index, with the conditions it is entered under. */
export interface Entry {
  readonly serial: number
  readonly id: string
  readonly filter: Filter
  readonly anchors: readonly Condition[]
  /** Whether any of the anchors holding says that the filter matches. */
  readonly isExact: boolean
  /** Whether it was found crowded where it is entered, and may be told apart there by what else it asks. */
  readonly isDeep: boolean
  /** The number of the last document that it was tried on. */
  triedOn: number
}

/** Is shown an entry, with the point that brought it up, if one did. */
export type Visit = (entry: Entry, point?: Point) => void

/** Where a field's index keeps a condition. */
export type Part = 'values' | 'contents' | 'ranges' | 'places'

/** A field and a part of its index: what those who stand together were found by. */
export interface Asked {
  readonly field: string
  readonly part: Part
}

function partOf({ type }: FieldCondition): Part {
  switch (type) {
    case 'equals': case 'in': return 'values'
    case 'range': return 'ranges'
    case 'exists': case 'regexp': case 'match': case 'select': return 'contents'
    default: return 'places'
  }
}

/** By which conditions entries that stand together are best told apart: those that let fewer documents through come first. */
const order: Partial<Record<Condition['type'], number>> = { equals: 1, in: 2, geoBoundingBox: 3, geoDistance: 3, geoDistanceRange: 3, geoPolygon: 3, range: 4, exists: 5 }

/**
 * What else must hold for an entry to match that was found by `asked`, and can be looked up: the same one each time, so that an entry is
 * found again where it was put.
 */
export function nextCondition({ filter, isDeep }: Entry, asked: readonly Asked[]): FieldCondition | undefined {
  if (!isDeep || filter.type !== 'and') return undefined
  let next: FieldCondition | undefined
  let nextRank = Infinity
  for (const condition of filter.filters) {
    const rank = rankOf(condition)
    if (rank >= nextRank || wasAsked(condition as FieldCondition, asked)) continue
    next = condition as FieldCondition
    nextRank = rank
  }
  return next
}

/** Its place in {@link order}; infinite for what tells nothing apart. */
export function rankOf(condition: Filter): number {
  if (condition.type === 'exists' && condition.element === undefined) return Infinity
  // Ranges without an end are kept less well than others: they come after them.
  const isOpen = condition.type === 'range' && ((condition.gt ?? condition.gte) === undefined || (condition.lt ?? condition.lte) === undefined)
  return (order[condition.type as Condition['type']] ?? Infinity) + (isOpen ? 0.5 : 0)
}

function wasAsked(condition: FieldCondition, asked: readonly Asked[]): boolean {
  return asked.some(({ field, part }) => condition.field === field && partOf(condition) === part)
}
