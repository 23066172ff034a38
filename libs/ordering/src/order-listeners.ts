import { demandsOf, phaseDemand, rankOf, type Demand, type Orderable } from './demands.js'
import { OrderCycle } from './order-cycle.js'

/**
 * Puts listeners of one event in order: by phase; within a phase as they come,
 * which is load order, except that each one whom another must run before, by
 * `before` or `after`, is taken up early enough.
 *
 * @throws {@link OrderCycle} when that cannot be.
 */
export function orderListeners<T extends Orderable>(listeners: readonly T[]): readonly T[] {
  if (listeners.every((listener) => !listener.phase && !listener.before?.length && !listener.after?.length)) return listeners
  const demands = demandsOf(listeners)
  const against = demands.find(({ first, second }) => rankOf(first) > rankOf(second))
  if (against) throw new OrderCycle([against, phaseDemand(against.second, against.first)])
  const byPhase = listeners.toSorted((one, other) => rankOf(one) - rankOf(other))
  return walk(byPhase, demands.filter(({ first, second }) => rankOf(first) === rankOf(second)))
}

/** Takes each listener as early as load order allows, after those that must come first. */
function walk<T extends Orderable>(listeners: readonly T[], demands: readonly Demand<T>[]): readonly T[] {
  const ordered = new Set<T>()
  /** The way to where the walk stands, each step asked for by the next listener. */
  const way: Demand<T>[] = []
  const visit = (listener: T): void => {
    for (const demand of demands.filter(({ second }) => second === listener)) {
      if (ordered.has(demand.first)) continue
      const start = way.findIndex(({ second }) => second === demand.first)
      way.push(demand)
      if (start >= 0) throw new OrderCycle(way.slice(start).reverse())
      visit(demand.first)
      way.pop()
    }
    ordered.add(listener)
  }
  for (const listener of listeners) if (!ordered.has(listener)) visit(listener)
  return [...ordered]
}
