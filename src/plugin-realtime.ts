import { createId, Realtime, Request, type Api, type Logger, type Notification, type SubscriptionOptions } from '@mortise/sdk'
import { readChannelOptions, type RealtimeHub } from '@app/realtime'
import { blame, isThenable, type Supervisor } from '@app/supervision'

/** What a plugin's realtime is made from. */
export interface PluginRealtimeParts {
  readonly plugin: string
  readonly hub: RealtimeHub
  readonly api: Api
  readonly logger: Logger
  /** Calls its listeners as far as the plugin's budget goes; without one, they are just called. */
  readonly supervisor?: Supervisor
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
    const { plugin, supervisor } = this.parts
    const subject = { kind: 'notification' as const, event: 'realtime:notification', timeout: 0 }
    return supervisor?.guard({ plugin, name: 'subscription', listener: LISTENER, handler: listener as (...payload: unknown[]) => unknown }, subject) ?? listener
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
