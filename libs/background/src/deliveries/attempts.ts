import type { ApiError, Delivery, Logger } from '@mortise/sdk'
import type { Causation } from '@app/causation'
import type { EventBus } from '@app/registry'
import type { Outbox, StoredDelivery } from '@app/storage'
import { blame, type Clock } from '@app/supervision'
import { backgroundErrors } from '../background.errors.js'
import { readDelivery } from './delivery-format.js'
import type { Recipient } from './recipients.js'

/** The listener refused itself as its own cause, which it stays. */
const LOOP = 'plugin.runtime.listener_loop'

/** How often and how long deliveries are tried. Times in milliseconds. */
export interface DeliveryOptions {
  /** How often a delivery is tried before it is kept as a dead letter. */
  readonly attempts: number
  /** Until the second attempt; twice as long each time, up to `longestDelay`. */
  readonly firstDelay: number
  readonly longestDelay: number
  /** What a listener has to answer in that has no time of its own. */
  readonly timeout: number
}

/** What became of an attempt that failed: tried again when it is `due`, never when that is absent. */
type Verdict = Parameters<Outbox['fail']>[1]

/** What was wrong with an attempt; one that was not made, as the listener's budget or breaker did not allow it, is none. */
export interface Failure {
  readonly error: ApiError
  readonly isMade: boolean
}

/** What attempts are made with. */
export interface AttemptParts {
  readonly clock: Clock
  readonly bus: EventBus
  readonly causation: Causation
  readonly logger: Logger
  readonly options: DeliveryOptions
}

/** One try to deliver, and what becomes of it when it fails. */
export class Attempts {
  constructor(private readonly parts: AttemptParts) {}

  /** Calls the listener, and yields what was wrong. An answer that comes too late is not waited for; the next attempt may then overlap with it. */
  async make(recipient: Recipient | undefined, delivery: StoredDelivery): Promise<Failure | undefined> {
    const { plugin, listener, event } = delivery
    if (!recipient) return { error: backgroundErrors.no_listener(plugin, listener, event), isMade: true }
    let isMade = true
    try {
      const told: Delivery = { key: delivery.key, attempt: delivery.attempts + 1, createdAt: delivery.createdAt }
      const { payload, cause } = readDelivery(event, delivery.payload)
      const call = (): unknown => {
        isMade = true
        return recipient.handler(...payload, event, told)
      }
      isMade = false
      await this.parts.causation.resume(cause, () => recipient.within(call))
      return undefined
    } catch (thrown) {
      return { error: blame(thrown, recipient), isMade }
    }
  }

  /** When to try what was not tried. */
  get soon(): number {
    const { clock, options } = this.parts
    return clock.now() + options.firstDelay
  }

  /** What is to be kept of a failure, and when to try again; never, when that was the last attempt, or no other would end differently. */
  judge({ n, attempts }: StoredDelivery, error: ApiError): Verdict {
    const { clock, options } = this.parts
    const verdict = { n, error: textOf(error) }
    return attempts + 1 < options.attempts && error.id !== LOOP ? { ...verdict, due: clock.now() + this.#delayAfter(attempts) } : verdict
  }

  /** Tells of a failure, once its verdict is stored. */
  tell({ plugin, listener, event, entity, attempts }: StoredDelivery, error: ApiError, { due }: Verdict): void {
    const { bus, logger } = this.parts
    const subject = `Plugin "${plugin}" (${listener}) has not dealt with "${event}" of ${entity}`
    bus.notify('hook:onError', { error, event, pluginName: plugin })
    if (due === undefined) logger.error(error.with({ hint: `${subject} in ${attempts + 1} attempts. It is kept: see "mortise events failed".` }))
    else logger.warn(`${subject}: ${error.message} It is tried again in ${this.#delayAfter(attempts)} ms.`)
  }

  #delayAfter(attempts: number): number {
    const { firstDelay, longestDelay } = this.parts.options
    return Math.min(longestDelay, firstDelay * 2 ** attempts)
  }
}

const LONGEST_TEXT = 2000

/** PostgreSQL cannot keep U+0000. */
const textOf = ({ message }: Error): string => message.slice(0, LONGEST_TEXT).replaceAll('\0', '')
