import type { EventName, Notification, Payload, PluginStore, Realtime, Repository, SubscriptionOptions } from '@mortise/sdk'
import type { Causation } from '@app/causation'
import type { GuestServices } from '@app/pipeline'
import type { ForHost, StoreOrder } from '../wire/messages.js'
import { answerPayload, unpackValue } from '../wire/payload.format.js'
import type { Handlers } from '../wire/wire.js'

/** Tells a child what one of its subscriptions hears. */
type Notify = (subscription: string, notification: Notification) => void

/** What an isolated plugin may ask of the host, and what ends with it. */
export interface HostServices {
  readonly handlers: Omit<Handlers<ForHost>, 'crash'>
  /** Ends the subscriptions it left open. */
  close(): void
}

/** Lets one child use its plugin's services. */
export function serveHost({ api, events, logger, store, realtime }: GuestServices, causation: Causation, notify: Notify): HostServices {
  const subscriptions = new Subscriptions(notify, realtime)
  const repositories = new Repositories(store)
  return {
    handlers: {
      log: (level, message) => logger[level](unpackValue(message)),
      api: (cause, data, options, actor) => causation.resume(cause, () => (actor ? api.as(actor.user, actor.options) : api).call(data, options)),
      trigger: (cause, name, payload) => answerPayload(payload, (value) => causation.resume(cause, () => events.trigger(name, value))),
      emit: (cause, event, payload) => answerPayload(payload, (...values) => causation.resume(cause, () => events.emit(event as EventName, ...values as Payload<EventName>))),
      store: (order) => repositories.run(order),
      publish: (index, collection, message, options) => realtime?.publish(index, collection, message, options),
      subscribe: (id, options) => subscriptions.open(id, options),
      unsubscribe: (id) => subscriptions.end(id),
    },
    close: () => subscriptions.close(),
  }
}

/** The collections that a child uses, each opened once. */
class Repositories {
  readonly #open = new Map<string, Repository<object>>()

  constructor(private readonly store: PluginStore) {}

  run({ collection, definition, method, values }: StoreOrder): Promise<unknown> {
    const key = JSON.stringify([collection, definition])
    const repository = this.#open.get(key) ?? this.store.repository(collection, definition)
    this.#open.set(key, repository)
    const run = repository[method].bind(repository) as (...given: unknown[]) => Promise<unknown>
    return run(...values)
  }
}

/** The subscriptions of a child, by the names it gave them. */
class Subscriptions {
  readonly #open = new Map<string, () => void>()
  #isClosed = false

  constructor(private readonly notify: Notify, private readonly realtime?: Realtime) {}

  async open(id: string, options: SubscriptionOptions): Promise<void> {
    const stop = await this.realtime?.subscribe(options, (notification) => this.notify(id, notification))
    if (this.#isClosed) stop?.()
    else if (stop) this.#open.set(id, stop)
  }

  end(id: string): void {
    this.#open.get(id)?.()
    this.#open.delete(id)
  }

  close(): void {
    this.#isClosed = true
    for (const id of this.#open.keys()) this.end(id)
  }
}
