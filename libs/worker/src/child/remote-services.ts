import { inspect } from 'node:util'
import {
  Api, createId, EventEmitter, Logger, PluginStore, Realtime,
  type CallOptions, type CollectionDefinition, type EventName, type ImpersonationOptions, type Notification, type Payload, type Repository,
  type RequestData, type SubscriptionOptions,
} from '@mortise/sdk'
import type { Carrier } from '@app/causation'
import { blame, isThenable } from '@app/supervision'
import type { Actor, ForHost, LogLevel, StoreOrder } from '../wire/messages.js'
import { packPayload, packValue, takeAnswer } from '../wire/payload.format.js'
import { CrossingError } from '../wire/wire.js'

/** Calls the host. @throws `plugin.worker.cannot_cross` and what the host answers with */
export type CallHost = <Name extends keyof ForHost>(name: Name, ...values: Parameters<ForHost[Name]>) => Promise<ReturnType<ForHost[Name]>>

/** Tells the host without waiting. */
export type TellHost = <Name extends keyof ForHost>(name: Name, ...values: Parameters<ForHost[Name]>) => void

/** The host's log; what cannot cross is written as text. */
export class RemoteLogger extends Logger {
  constructor(private readonly tell: TellHost) {
    super()
  }

  error(message: unknown): void { this.#write('error', message) }
  warn(message: unknown): void { this.#write('warn', message) }
  info(message: unknown): void { this.#write('info', message) }
  debug(message: unknown): void { this.#write('debug', message) }
  verbose(message: unknown): void { this.#write('verbose', message) }
  silly(message: unknown): void { this.#write('silly', message) }

  #write(level: LogLevel, message: unknown): void {
    try {
      this.tell('log', level, packValue(message))
    } catch (error) {
      if (!CrossingError.is(error)) throw error
      this.tell('log', level, { plain: inspect(message) })
    }
  }
}

/** The host's API. */
export class RemoteApi extends Api {
  constructor(private readonly host: CallHost, private readonly carrier: Carrier, private readonly actor?: Actor) {
    super()
  }

  call<T = unknown>(data: RequestData, options?: CallOptions): Promise<T> {
    return this.host('api', this.carrier.packed, data, options, this.actor) as Promise<T>
  }

  as({ _id }: { _id: string }, options?: ImpersonationOptions): Api {
    return new RemoteApi(this.host, this.carrier, { user: { _id }, options })
  }
}

/** The host's events; what pipes change of a request is changed here. */
export class RemoteEvents extends EventEmitter {
  constructor(private readonly host: CallHost, private readonly carrier: Carrier) {
    super()
  }

  async trigger<T = unknown>(name: string, payload?: T): Promise<T> {
    const given = [payload ?? null]
    return takeAnswer(await this.host('trigger', this.carrier.packed, name, packPayload(given)), given) as T
  }

  async emit<E extends EventName>(event: E, ...payload: Payload<E>): Promise<Payload<E>[0]> {
    return takeAnswer(await this.host('emit', this.carrier.packed, event, packPayload(payload)), payload) as Payload<E>[0]
  }
}

/** The plugin's own storage. */
export class RemoteStore extends PluginStore {
  constructor(private readonly host: CallHost) {
    super()
  }

  repository<T extends object>(collection: string, definition?: CollectionDefinition): Repository<T> {
    const ask = (method: StoreOrder['method']) => (...values: unknown[]): Promise<never> => this.host('store', { collection, definition, method, values }) as Promise<never>
    return {
      get: ask('get'), mGet: ask('mGet'), create: ask('create'), createOrReplace: ask('createOrReplace'),
      replace: ask('replace'), update: ask('update'), delete: ask('delete'), search: ask('search'),
    }
  }
}

/** The host's realtime, with the plugin's listeners on this side. */
export class RemoteRealtime extends Realtime {
  readonly #listeners = new Map<string, (notification: Notification) => unknown>()

  constructor(private readonly plugin: string, private readonly host: CallHost, private readonly logger: Logger) {
    super()
  }

  async publish(index: string, collection: string, message: Record<string, unknown>, options?: { _id?: string }): Promise<void> {
    await this.host('publish', index, collection, message, options)
  }

  async subscribe(options: SubscriptionOptions, listener: (notification: Notification) => unknown): Promise<() => void> {
    const id = createId()
    this.#listeners.set(id, listener)
    try {
      await this.host('subscribe', id, options)
    } catch (error) {
      this.#listeners.delete(id)
      throw error
    }
    return () => {
      if (this.#listeners.delete(id)) this.host('unsubscribe', id).catch((thrown: unknown) => this.#report(thrown))
    }
  }

  /** Hands a notification to the listener it is for, if that still listens. */
  notify(subscription: string, notification: Notification): void {
    try {
      const answer = this.#listeners.get(subscription)?.(notification)
      if (isThenable(answer)) answer.then(undefined, (thrown: unknown) => this.#report(thrown))
    } catch (thrown) {
      this.#report(thrown)
    }
  }

  #report(thrown: unknown): void {
    this.logger.error(blame(thrown, { plugin: this.plugin, listener: 'a listener of its own subscription' }))
  }
}
