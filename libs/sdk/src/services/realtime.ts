import type { Notification } from '../events.js'
import { service } from './service.js'

/** Which changes to hear of: those into a filter's reach (or within it), those out of it, both or neither. */
export type Watched = 'all' | 'in' | 'out' | 'none'

/** What a subscription is about. */
export interface SubscriptionOptions {
  index: string
  collection: string
  /** A filter of the realtime language, such as `{ equals: { kind: 'invoice' } }`; every document when absent. */
  filters?: Record<string, unknown>
  /** Of documents and messages; `all` when absent. */
  scope?: Watched
  /** Of other subscribers who come and go; `none` when absent. */
  users?: Watched
}

/** Messages to clients who subscribed, and subscriptions of the plugin's own. */
@service('realtime')
export abstract class Realtime {
  /**
   * Sends a message to everybody who subscribed to the collection with a
   * filter that it matches. Nothing is stored, and the collection need not
   * exist.
   *
   * @example
   * await this.realtime.publish('shop', 'orders', { kind: 'alert', text: 'Out of stock' })
   */
  abstract publish(index: string, collection: string, message: Record<string, unknown>, options?: { _id?: string }): Promise<void>

  /**
   * Calls `listener` with each notification, in order and without waiting for
   * it; what it throws is logged under the plugin's name. Ends with the
   * plugin, or when the function that this resolves to is called.
   *
   * @throws `api.assert.koncorde_dsl_error`, `core.realtime.too_many_rooms` and the like.
   *
   * @example
   * const stop = await this.realtime.subscribe({ index: 'shop', collection: 'orders' }, ({ result }) => this.count(result))
   */
  abstract subscribe(options: SubscriptionOptions, listener: (notification: Notification) => unknown): Promise<() => void>
}
