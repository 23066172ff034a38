/** Which calls of listeners a fault meets: those that fit in everything that is given. */
export interface FaultTarget {
  /** The plugin's name. */
  plugin?: string
  /** An event, or a pattern such as `document:*`. */
  event?: string
  /** A method that listens, with or without its class: `Keeper.keep` or `keep`. */
  listener?: string
  /** How many calls at most; all when absent. */
  times?: number
}

/** A fault in place. */
export interface Fault {
  /** How many calls it has met. */
  readonly met: number
  /** Takes it away; what it holds back is let go. */
  remove(): void
}

/**
 * What goes wrong on the way to pipes and hooks, durable ones included. Faults
 * are put in place while the host runs and last until they are removed; where
 * several meet one call, the first put in place stands outermost. Times are
 * those of the host's clock: milliseconds, or a text such as `2s`.
 *
 * @throws `plugin.testing.unknown_plugin` for a plugin that does not run there
 *
 * @example
 * host.faults.fail({ plugin: 'keeper', event: 'generic:document:afterWrite', times: 2 })
 */
export interface Faults {
  /** The listener is called only after so long. */
  delay(target: FaultTarget, time: number | string): Fault
  /** The listener is not called, and whoever called it gets `error`. */
  fail(target: FaultTarget, error?: Error): Fault
  /** The plugin's thread or process goes down with the call; other plugins are passed by. @throws `plugin.testing.not_isolated` */
  kill(target: FaultTarget): Fault
  /** A hook is told once more, after it has ended. Pipes are passed by. */
  duplicate(target: FaultTarget): Fault
  /** Hooks are told in the opposite order: of `size` (4) at a time, or of those that came `within` (50) milliseconds. Pipes are passed by. */
  reorder(target: FaultTarget, options?: { size?: number; within?: number | string }): Fault
  /** Ends a plugin's thread or process at once. @throws `plugin.testing.not_isolated` */
  crash(plugin: string): void
  /** Removes all of them. */
  clear(): void
}
