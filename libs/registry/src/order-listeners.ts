/** What ordering needs to know of a listener. */
export interface Orderable {
  readonly plugin: string
  readonly before?: readonly string[]
  readonly after?: readonly string[]
}

/** Thrown when listeners each want to run before the other; `cycle` names the plugins, the first again last. */
export class OrderCycle extends Error {
  constructor(readonly cycle: readonly string[]) {
    super(`these plugins each want to run before the next: ${cycle.join(' → ')}`)
  }
}

/**
 * Puts listeners of one event in order: as they come (which is load order),
 * except where `before` or `after` name another's plugin. Wishes about
 * plugins that do not listen to the event have no effect.
 *
 * @throws {@link OrderCycle} when the wishes cannot all be met.
 */
export function orderListeners<T extends Orderable>(listeners: readonly T[]): readonly T[] {
  if (listeners.every((listener) => !listener.before?.length && !listener.after?.length)) return listeners
  return walk(listeners, new Map(listeners.map((listener) => [listener, listeners.filter((other) => mustPrecede(other, listener))])))
}

/** Whether one of two plugins wished for `first` to run before `second`. */
const mustPrecede = (first: Orderable, second: Orderable): boolean =>
  first.plugin !== second.plugin && Boolean(first.before?.includes(second.plugin) || second.after?.includes(first.plugin))

/** Takes each listener as early as load order allows, after those that must come first. */
function walk<T extends Orderable>(listeners: readonly T[], earlier: ReadonlyMap<T, readonly T[]>): readonly T[] {
  const ordered = new Set<T>()
  const open: T[] = []
  const visit = (listener: T): void => {
    if (ordered.has(listener)) return
    if (open.includes(listener)) {
      throw new OrderCycle([...open.slice(open.indexOf(listener)), listener].map(({ plugin }) => plugin).reverse())
    }
    open.push(listener)
    for (const other of earlier.get(listener) ?? []) visit(other)
    open.pop()
    ordered.add(listener)
  }
  listeners.forEach(visit)
  return [...ordered]
}
