import { createError } from '@mortise/sdk'
import type { RealtimeDesk, SubscriptionOptions } from '../classic-host.js'
import type { Stage } from './stage.js'

interface Connection {
  readonly id: string | null
}

/** `app.subscription`: subscribes clients' connections, as they could themselves. */
export class ApplicationSubscriptions {
  constructor(private readonly stage: Stage) {}

  /** @throws `protocol.runtime.unknown_connection`, and what subscribing throws */
  readonly add = async (...[connection, index, collection, filters, options]: [Connection, string, string, object, SubscriptionOptions?]): Promise<{ roomId: string; channel: string }> =>
    this.#desk('subscribe').register(String(connection.id), index, collection, filters, options)

  readonly remove = async (connection: Connection, roomId: string, notify = false): Promise<void> =>
    this.#desk('unsubscribe').unregister(String(connection.id), roomId, notify)

  #desk(method: string): RealtimeDesk {
    const { realtime } = this.stage.require('subscription').host
    if (realtime) return realtime
    throw createError('plugin.context.unavailable_realtime', method)
  }
}
