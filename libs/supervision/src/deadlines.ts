import { steadyClock, type Clock } from './clock.js'

/** A call that has a point in time to end by. */
interface Entry {
  at: number
  readonly expire: () => void
  readonly list: List
  previous: Entry | undefined
  next: Entry | undefined
}

/** Calls of one duration, the oldest first, and the timer set for it. */
interface List {
  readonly milliseconds: number
  first: Entry | undefined
  last: Entry | undefined
  isArmed: boolean
}

/**
 * Watches many short calls with few timers. Calls of one duration fall due in
 * the order they were made, so a list and one timer per duration do; a call
 * that ends in time, as most do, is only linked in and out.
 */
export class Deadlines {
  /** What the time is; goes only forward. */
  readonly now: () => number
  readonly #lists = new Map<number, List>()

  constructor(private readonly clock: Clock = steadyClock) {
    this.now = clock.now.bind(clock)
  }

  /**
   * Calls `expire` at a time of {@link now}, unless the entry it
   * returns has been {@link end}ed by then. `milliseconds` is how long that is
   * from now: entries of one duration are kept together.
   */
  watch(at: number, milliseconds: number, expire: () => void): Entry {
    return this.#link({ at, expire, list: this.#listOf(milliseconds), previous: undefined, next: undefined })
  }

  /** Watches an entry that was {@link end}ed once more, for as long as it was, until another time. */
  renew(entry: Entry, at: number): Entry {
    entry.at = at
    return this.#link(entry)
  }

  /** Forgets an entry; its time no longer matters. */
  end(entry: Entry): void {
    const { list, previous, next } = entry
    if (previous) previous.next = next
    else if (list.first === entry) list.first = next
    if (next) next.previous = previous
    else if (list.last === entry) list.last = previous
    entry.previous = entry.next = undefined
  }

  #link(entry: Entry): Entry {
    const { list } = entry
    entry.previous = list.last
    if (list.last) list.last.next = entry
    else list.first = entry
    list.last = entry
    if (!list.isArmed) this.#arm(list)
    return entry
  }

  #listOf(milliseconds: number): List {
    const known = this.#lists.get(milliseconds)
    if (known) return known
    const list: List = { milliseconds, first: undefined, last: undefined, isArmed: false }
    this.#lists.set(milliseconds, list)
    return list
  }

  #arm(list: List): void {
    if (!list.first) return
    list.isArmed = true
    this.clock.after(Math.max(1, list.first.at - this.now()), () => this.#sweep(list))
  }

  #sweep(list: List): void {
    list.isArmed = false
    const now = this.now()
    while (list.first && list.first.at <= now) {
      const due = list.first
      this.end(due)
      due.expire()
    }
    this.#arm(list)
  }
}

export type { Entry as DeadlineEntry }
