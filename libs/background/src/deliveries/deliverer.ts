import type { Registry } from '@app/registry'
import type { Outbox, StoredDelivery } from '@app/storage'
import type { Supervisor } from '@app/supervision'
import { withPatience } from '../with-patience.js'
import { Attempts, type AttemptParts, type Failure } from './attempts.js'
import { MOST_LANES, recipientsOf, type Recipient } from './recipients.js'
import { Settlements } from './settlements.js'

/** What deliveries are given out with. */
export interface DelivererParts extends AttemptParts {
  readonly outbox: Outbox
  readonly registry: Registry
  readonly supervisor: Supervisor
  /** This host, among those on one store. */
  readonly owner: string
}

/** Milliseconds for which what was claimed is this host's; prolonged while it works. */
const LEASE = 10_000
/** Milliseconds between looks at the outbox, for what other hosts have stored and for what is due again. */
const PAUSE = 1_000
/** Documents whose deliveries go out at once to one plugin. */
const MOST_LANES_PER_PLUGIN = 16

/**
 * Gives deliveries out: claims what is due for the durable hooks that are
 * registered here, a lane for each document and listener, tells one after
 * another and says in the outbox what came of it. As long as nobody listens
 * durably, it does not look at the outbox at all.
 */
export class Deliverer {
  #recipients = new Map<string, Recipient>()
  readonly #lanes = new Map<Promise<void>, string>()
  readonly #attempts: Attempts
  readonly #settlements: Settlements
  #undo: (() => void)[] = []
  #cancelPause: () => void = () => undefined
  #looking: Promise<void> | undefined
  #isStale = false
  /** Whether the outbox could not be read the last time: told once, not every second. */
  #isCutOff = false
  #isClosed = false

  constructor(private readonly parts: DelivererParts) {
    const { outbox, owner } = parts
    this.#attempts = new Attempts(parts)
    this.#settlements = new Settlements((numbers) => outbox.settle(owner, numbers))
  }

  /** What is under way: the look at the outbox, and deliveries being told. */
  get work(): readonly Promise<unknown>[] {
    return [...(this.#looking ? [this.#looking] : []), ...this.#lanes.keys()]
  }

  /** Begins; from now on it follows plugins as they come and go. */
  start(): void {
    const { registry, outbox } = this.parts
    this.#undo = [registry.onChange(() => this.#readRecipients()), outbox.onStored(() => this.look())]
    this.#readRecipients()
    this.#keepLeases()
  }

  /** Looks for what is due now. */
  look(): void {
    this.#isStale = true
    if (this.#looking || this.#isClosed || this.#recipients.size === 0) return
    this.#looking = this.#claimAll().finally(() => {
      this.#looking = undefined
      if (this.#isStale) this.look()
    })
  }

  /** Ends what is being told now, for so many milliseconds at most, and gives the rest back. */
  async close(patience: number): Promise<void> {
    this.#isClosed = true
    this.#cancelPause()
    for (const undo of this.#undo.splice(0)) undo()
    await withPatience(this.parts.clock, patience, Promise.resolve(this.#looking).then(() => Promise.all(this.#lanes.keys())))
  }

  #readRecipients(): void {
    const { registry, supervisor, options: { timeout } } = this.parts
    this.#recipients = new Map(recipientsOf(registry, supervisor, timeout).map((recipient) => [keyOf(recipient.name, recipient.event), recipient]))
    this.look()
  }

  async #claimAll(): Promise<void> {
    this.#cancelPause()
    try {
      while (this.#isStale && !this.#isClosed) {
        this.#isStale = false
        await this.#claim()
      }
      this.#isCutOff = false
    } catch (error) {
      if (!this.#isCutOff) this.parts.logger.error(error)
      this.#isCutOff = true
    }
    if (!this.#isClosed) this.#cancelPause = this.parts.clock.after(PAUSE, () => this.look())
  }

  async #claim(): Promise<void> {
    const { outbox, owner, clock } = this.parts
    const listeners = this.#listenersWithRoom()
    const room = MOST_LANES - this.#lanes.size
    if (listeners.length === 0 || room <= 0) return
    const now = clock.now()
    const claimed = await outbox.claim({ listeners, owner, now, until: now + LEASE, entities: Math.min(room, MOST_LANES_PER_PLUGIN) })
    for (const lane of splitLanes(claimed)) this.#open(lane)
    if (claimed.length > 0) this.#isStale = true
  }

  /** Those that can be told now: what the others are to be told stays where other hosts find it. */
  #listenersWithRoom(): string[] {
    const taken = [...this.#lanes.values()]
    const hasRoom = ({ plugin }: Recipient): boolean => taken.filter((other) => other === plugin).length < MOST_LANES_PER_PLUGIN
    return [...new Set([...this.#recipients.values()].filter((recipient) => hasRoom(recipient) && !recipient.isRefusing()).map(({ name }) => name))]
  }

  #open(lane: readonly StoredDelivery[]): void {
    const run: Promise<void> = this.#walk(lane)
      .catch((error: unknown) => this.parts.logger.error(error))
      .then(() => {
        this.#lanes.delete(run)
        this.look()
      })
    this.#lanes.set(run, lane[0]!.plugin)
  }

  /** One after another; the first that fails, or that nobody is there for, ends it. */
  async #walk(lane: readonly StoredDelivery[]): Promise<void> {
    for (const [position, delivery] of lane.entries()) {
      if (this.#isClosed || !this.#isServed(delivery.listener)) return this.#giveBack(lane.slice(position))
      const failure = await this.#attempts.make(this.#recipients.get(keyOf(delivery.listener, delivery.event)), delivery)
      if (failure) {
        await this.#fail(delivery, failure)
        return this.#giveBack(lane.slice(position + 1))
      }
      await this.#settlements.add(delivery.n)
    }
  }

  async #fail(delivery: StoredDelivery, { error, isMade }: Failure): Promise<void> {
    const { outbox, owner } = this.parts
    if (!isMade) return outbox.release(owner, [delivery.n], this.#attempts.soon)
    const verdict = this.#attempts.judge(delivery, error)
    await outbox.fail(owner, verdict)
    this.#attempts.tell(delivery, error, verdict)
  }

  async #giveBack(rest: readonly StoredDelivery[]): Promise<void> {
    if (rest.length > 0) await this.parts.outbox.release(this.parts.owner, rest.map(({ n }) => n))
  }

  #isServed(listener: string): boolean {
    return [...this.#recipients.values()].some(({ name }) => name === listener)
  }

  /** What takes long to be told must not be taken for abandoned. */
  #keepLeases(): void {
    const { outbox, owner, clock, logger } = this.parts
    this.#undo[2] = clock.after(LEASE / 3, () => {
      if (this.#lanes.size > 0) outbox.prolong(owner, clock.now() + LEASE).catch((error: unknown) => logger.error(error))
      this.#keepLeases()
    })
  }
}

const keyOf = (listener: string, event: string): string => `${listener} ${event}`

function splitLanes(deliveries: readonly StoredDelivery[]): StoredDelivery[][] {
  const lanes = new Map<string, StoredDelivery[]>()
  for (const delivery of deliveries) {
    const key = `${delivery.listener} ${delivery.entity}`
    lanes.set(key, [...lanes.get(key) ?? [], delivery])
  }
  return [...lanes.values()]
}
