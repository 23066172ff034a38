import type { Condition, Filter } from '@app/storage'
import { rankOf } from './entry.js'

/** Conditions of which at least one holds whenever the filter matches, and about how many other filters they bring up with it. */
export interface Anchors {
  conditions: Condition[]
  crowd: number
  /** Whether the reverse is true as well: one of them holding is enough. */
  isExact: boolean
}

/** Asks the index how many filters a document brings up that satisfies the condition. */
export type CrowdOf = (condition: Condition) => number

/** A crowd so small that looking for a smaller one costs more than it saves. */
const smallEnough = 4

/** Where so many stand, they are told apart by what else they ask: then the order counts in which that goes best. */
const manyEnough = 32

const exactTypes = new Set(['equals', 'in', 'ids', 'range', 'exists', 'everything'])

/** What to prefer, all else being equal: how many documents a condition of this type tends to let through. */
const breadth: Partial<Record<Condition['type'], number>> = {
  geoDistance: 2, geoBoundingBox: 2, geoPolygon: 2, geoDistanceRange: 2, range: 2, exists: 8, regexp: 8, match: 8, select: 8,
}

/**
 * Chooses by which conditions a filter is found. An `and` needs only those of its least crowded part; an `or` needs those of every part.
 * What nothing can be looked up by, such as a bare `not`, is found by `everything`, that is, tried on each document.
 *
 * @param filter - In normal form.
 */
export function chooseAnchors(filter: Filter, crowdOf: CrowdOf): Anchors {
  switch (filter.type) {
    case 'nothing': return { conditions: [], crowd: 0, isExact: true }
    case 'and': return { ...leastCrowded(filter.filters, crowdOf), isExact: false }
    case 'or': return together(filter.filters.map((each) => chooseAnchors(each, crowdOf)))
    case 'not': return { conditions: [{ type: 'everything' }], crowd: Infinity, isExact: false }
    case 'everything': return { conditions: [filter], crowd: Infinity, isExact: true }
    default: return { conditions: [filter], crowd: crowdOf(filter) + (breadth[filter.type] ?? 0), isExact: exactTypes.has(filter.type) }
  }
}

function leastCrowded(filters: Filter[], crowdOf: CrowdOf): Anchors {
  const isDivisible = filters.filter((filter) => rankOf(filter) < Infinity).length > 1
  let best: Anchors = { conditions: [{ type: 'everything' }], crowd: Infinity, isExact: false }
  let leastCost = Infinity
  for (const filter of filters) {
    const anchors = chooseAnchors(filter, crowdOf)
    const cost = isDivisible && anchors.crowd > manyEnough ? manyEnough + rankOf(filter) + anchors.crowd * 1e-9 : anchors.crowd
    if (cost >= leastCost) continue
    best = anchors
    leastCost = cost
    if (cost <= smallEnough) return best
  }
  return best
}

function together(parts: Anchors[]): Anchors {
  return {
    conditions: parts.flatMap((part) => part.conditions),
    crowd: parts.reduce((sum, part) => sum + part.crowd, 0),
    isExact: parts.every((part) => part.isExact),
  }
}
