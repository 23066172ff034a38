import type { NewDelivery } from '../deliveries.js'
import type { Follow, Outcome, Write } from './engine.js'

/** Writes that one caller asked for together, and the promise it holds. */
interface Order {
  writes: readonly Write[]
  follow: Follow | undefined
  outcomes: Outcome[]
  resolve: (outcomes: Outcome[]) => void
  reject: (error: unknown) => void
}

/** The part of an order that goes into one commit. */
interface Share { order: Order; writes: readonly Write[] }

/** Says what is to be delivered, once the outcomes of a commit's writes are known. */
export type Recording = (outcomes: readonly Outcome[]) => NewDelivery[]

/**
 * Carries out writes in one transaction, and stores there what `record`, if it is given, makes of the outcomes. Gives the outcomes in
 * order, for as many of the writes as it got through.
 */
export type Commit = (writes: readonly Write[], record?: Recording) => Promise<Outcome[]>

const MOST_PER_COMMIT = 1000

/**
 * Group commit: what is asked for while a commit is under way, or in the same turn of the event loop, goes into the next one, so that
 * many callers share one sync of the disk. Callers are told after the commit, never before.
 *
 * When a commit fails, everything in it fails: nothing of it was stored.
 */
export class WriteQueue {
  private orders: Order[] = []
  private running = false

  constructor(private readonly commit: Commit) {}

  add(writes: readonly Write[], follow?: Follow): Promise<Outcome[]> {
    if (writes.length === 0) return Promise.resolve([])
    return new Promise((resolve, reject) => {
      this.orders.push({ writes, follow, outcomes: [], resolve, reject })
      if (this.running) return
      this.running = true
      setImmediate(() => void this.run())
    })
  }

  private async run(): Promise<void> {
    while (this.orders.length > 0) await this.commitNext()
    this.running = false
  }

  private async commitNext(): Promise<void> {
    const shares = this.takeShares()
    try {
      const outcomes = await this.commit(shares.flatMap(({ writes }) => writes), recordOf(shares))
      this.settle(shares, outcomes)
    } catch (error) {
      const failed = new Set(shares.map(({ order }) => order))
      this.orders = this.orders.filter((order) => !failed.has(order))
      for (const order of failed) order.reject(error)
    }
  }

  /**
   * The next writes in line. An order that fits into one commit is never split, so that it is stored in full or not at all; a larger one
   * is taken in parts, with the others in between.
   */
  private takeShares(): Share[] {
    const shares = []
    let room = MOST_PER_COMMIT
    for (const order of this.orders) {
      const writes = order.writes.slice(order.outcomes.length, order.outcomes.length + MOST_PER_COMMIT)
      if (writes.length > room) break
      shares.push({ order, writes })
      room -= writes.length
    }
    return shares
  }

  private settle(shares: readonly Share[], outcomes: Outcome[]): void {
    let position = 0
    for (const { order, writes } of shares) {
      for (const outcome of outcomes.slice(position, position + writes.length)) order.outcomes.push(outcome)
      position += writes.length
      if (order.outcomes.length === order.writes.length) order.resolve(order.outcomes)
    }
    const begun = shares.map(({ order }) => order).filter((order) => order.outcomes.length < order.writes.length)
    this.orders = [...this.orders.slice(shares.length), ...begun]
  }
}

/** Nothing is made where no order has anything to be delivered. */
function recordOf(shares: readonly Share[]): Recording | undefined {
  if (shares.every(({ order }) => order.follow === undefined)) return undefined
  return (outcomes) => {
    let position = 0
    return shares.flatMap(({ order, writes }) => {
      const start = position
      position += writes.length
      return order.follow?.(writes, outcomes.slice(start, position)) ?? []
    })
  }
}
