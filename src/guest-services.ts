import { EventEmitter, type EventName, type Payload } from '@mortise/sdk'
import type { Causation } from '@app/causation'
import { HostApi, type GuestServicesFactory } from '@app/pipeline'
import { filterListener, type ReadDocuments } from '@app/realtime'
import type { EventBus } from '@app/registry'
import { PluginStrategies } from '@app/security'
import { PrivateStore } from '@app/storage'
import type { SecretsByPlugin } from '@app/secrets'
import type { HostLogger } from './logger.js'
import { PluginRealtime } from './plugin-realtime.js'
import type { Rooms } from './rooms.js'
import { PluginSecrets } from './secrets.js'

/** Hands each plugin services of its own: its log, its secrets, its storage. */
export function guestServices({ pipeline, bus, causation, store, security, realtime: hub, loadUser, supervisor }: Rooms, secrets: SecretsByPlugin, logger: HostLogger): GuestServicesFactory {
  const api = new HostApi(pipeline, loadUser)
  const readDocuments: ReadDocuments = async (place, ids) => (await store.mGet(place, ids)).successes
  return (plugin) => {
    const own = new PrivateStore(store, plugin, (collection, documents) =>
      logger.for(plugin).info(`Bringing collection "${collection}" up to date: ${documents} ${documents === 1 ? 'document' : 'documents'} so far.`))
    const realtime = new PluginRealtime({ plugin, hub, api, bounds: { supervisor, causation }, logger: logger.for(plugin) })
    return {
      logger: logger.for(plugin),
      secrets: new PluginSecrets(plugin, secrets[plugin]),
      api,
      realtime,
      events: new PluginEvents(plugin, bus, causation),
      store: own,
      strategies: new PluginStrategies(security.services.strategies, plugin),
      filter: (where, listener) => filterListener(where, listener, readDocuments),
      pipeline,
      prepare: () => own.migrate(),
      close: () => realtime.close(),
    }
  }
}

class PluginEvents extends EventEmitter {
  constructor(private readonly plugin: string, private readonly bus: EventBus, private readonly causation: Causation) {
    super()
  }

  trigger<T = unknown>(name: string, payload?: T): Promise<T> {
    return this.#emit(`plugin-${this.plugin}:${name}`, payload ?? null) as Promise<T>
  }

  emit<E extends EventName>(event: E, ...payload: Payload<E>): Promise<Payload<E>[0]> {
    return this.#emit(event, ...payload) as Promise<Payload<E>[0]>
  }

  #emit(event: string, ...payload: unknown[]): Promise<unknown> {
    return this.bus.isSilent(event) ? Promise.resolve(payload[0]) : this.causation.follow(event, () => this.bus.emit(event, ...payload))
  }
}
