import { createId, Realtime, Request, type Api, type Logger, type Notification, type SubscriptionOptions } from '@mortise/sdk'
import type { Causation } from '@app/causation'
import { readChannelOptions, type RealtimeHub } from '@app/realtime'
import { blame, isThenable, type Supervisor } from '@app/supervision'

/** What a plugin's realtime is made from. */
export interface PluginRealtimeParts {
  readonly plugin: string
  readonly hub: RealtimeHub
  readonly api: Api
  readonly logger: Logger
  /** What its listeners are held to: the plugin's budget, and how far one thing may lead to another; they are just called where absent. */
  readonly bounds?: { readonly supervisor: Supervisor; readonly causation: Causation }
}

/** What its listeners are called, in logs and counts. */
const LISTENER = 'a listener of its own subscription'

/** The host's realtime as one decorated plugin has it. */
export class PluginRealtime extends Realtime {
  readonly #open = new Set<() => void>()

  constructor(private readonly parts: PluginRealtimeParts) {
    super()
  }

  async publish(index: string, collection: string, message: Record<string, unknown>, { _id }: { _id?: string } = {}): Promise<void> {
    await this.parts.api.call({ controller: 'realtime', action: 'publish', index, collection, body: message, ...(_id !== undefined && { _id }) })
  }

  async subscribe({ index, collection, filters = {}, ...options }: SubscriptionOptions, listener: (notification: Notification) => unknown): Promise<() => void> {
    const id = createId()
    const told = this.#guard(listener)
    const disconnect = this.parts.hub.connect(id, (_channel, notification) => this.#tell(told, notification as Notification))
    const stop = (): void => {
      this.#open.delete(stop)
      disconnect()
    }
    this.#open.add(stop)
    try {
      const request = new Request({ controller: 'realtime', action: 'subscribe' }, { connection: { id, protocol: 'internal' } })
      await this.parts.hub.subscribe(request, { index, collection, filters, options: readChannelOptions(options) })
    } catch (error) {
      stop()
      throw error
    }
    return stop
  }

  /** Ends what the plugin left open. */
  close(): void {
    for (const stop of this.#open) stop()
  }

  #guard(listener: (notification: Notification) => unknown): (notification: Notification) => unknown {
    const { plugin, bounds } = this.parts
    if (!bounds) return listener
    // What it writes may come back as a notification, also where no event tells of it.
    const handler = (notification: unknown): unknown => bounds.causation.step(`plugin ${plugin}, a subscription`, () => listener(notification as Notification))
    return bounds.supervisor.guard({ plugin, handler, name: 'subscription', listener: LISTENER }, { kind: 'notification', event: 'realtime:notification', timeout: 0 })
  }

  #tell(listener: (notification: Notification) => unknown, notification: Notification): void {
    try {
      const answer = listener(notification)
      if (isThenable(answer)) answer.then(undefined, (thrown: unknown) => this.#report(thrown))
    } catch (thrown) {
      this.#report(thrown)
    }
  }

  #report(thrown: unknown): void {
    this.parts.logger.error(blame(thrown, { plugin: this.parts.plugin, listener: LISTENER }))
  }
}
