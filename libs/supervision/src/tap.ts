/** How a call ended. `refused`: by an error of a status below 500, which is an answer; `skipped`: it was not made. */
export type Outcome = 'ok' | 'refused' | 'failed' | 'skipped'

/**
 * What of a plugin is called: a listener of an event, an action, a delivery
 * to a durable hook, a run of a scheduled method, a way to log in, a door that
 * is told something, a listener of a subscription of its own, or a type of
 * values that it brings.
 */
export type CallKind = 'pipe' | 'hook' | 'action' | 'delivery' | 'run' | 'strategy' | 'protocol' | 'notification' | 'type'

/** One call of one listener, as somebody who taps sees it. */
export interface TappedCall {
  /** Milliseconds since the epoch, when it ended. */
  readonly time: number
  /** Of an action `<controller>:<action>`, of a run `scheduled:<Class.method>`, of a strategy `strategy:<name>.<method>`, of a door `protocol:<name>.<method>`, of a subscription `realtime:notification`, of a type `validation:<name>`. */
  readonly event: string
  readonly kind: CallKind
  readonly plugin: string
  /** Where it is written, such as `CreatedAt.stamp`. */
  readonly listener: string
  /** How long it took; 0 for one that was not made. */
  readonly milliseconds: number
  readonly outcome: Outcome
  /** What it threw, or why it was not made; absent when all went well. */
  readonly error?: string
}

/** Lets people watch calls as they happen. While nobody does, a call asks one boolean. */
export class Tap {
  #isOn = false
  readonly #watchers = new Map<(call: TappedCall) => void, (event: string) => boolean>()

  get isOn(): boolean {
    return this.#isOn
  }

  /** Tells `watcher` of every call for the event or pattern, `document:*` or `*:*`, until what it returns is called. */
  watch(pattern: string, watcher: (call: TappedCall) => void): () => void {
    const start = pattern === '*:*' ? '' : pattern.slice(0, -1)
    this.#watchers.set(watcher, pattern.endsWith('*') ? (event) => event.startsWith(start) : (event) => event === pattern)
    this.#isOn = true
    return () => {
      this.#watchers.delete(watcher)
      this.#isOn = this.#watchers.size > 0
    }
  }

  tell(call: TappedCall): void {
    for (const [watcher, matches] of this.#watchers) if (matches(call.event)) watcher(call)
  }
}
