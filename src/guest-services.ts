import { EventEmitter, type EventName, type Payload } from '@mortise/sdk'
import { HostApi, type GuestServicesFactory } from '@app/pipeline'
import type { EventBus } from '@app/registry'
import { PluginStrategies } from '@app/security'
import { PrivateStore } from '@app/storage'
import type { SecretsByPlugin } from '@app/secrets'
import type { HostLogger } from './logger.js'
import { PluginRealtime } from './plugin-realtime.js'
import type { Rooms } from './rooms.js'
import { PluginSecrets } from './secrets.js'

/** Hands each plugin services of its own: its log, its secrets, its storage. */
export function guestServices({ pipeline, bus, store, security, realtime: hub, loadUser }: Rooms, secrets: SecretsByPlugin, logger: HostLogger): GuestServicesFactory {
  const api = new HostApi(pipeline, loadUser)
  return (plugin) => {
    const realtime = new PluginRealtime({ plugin, hub, api, logger: logger.for(plugin) })
    return {
      logger: logger.for(plugin),
      secrets: new PluginSecrets(plugin, secrets[plugin]),
      api,
      realtime,
      events: new PluginEvents(plugin, bus),
      store: new PrivateStore(store, plugin),
      strategies: new PluginStrategies(security.services.strategies, plugin),
      pipeline,
      close: () => realtime.close(),
    }
  }
}

class PluginEvents extends EventEmitter {
  constructor(private readonly plugin: string, private readonly bus: EventBus) {
    super()
  }

  trigger<T = unknown>(name: string, payload?: T): Promise<T> {
    return this.bus.emit(`plugin-${this.plugin}:${name}`, payload ?? null) as Promise<T>
  }

  emit<E extends EventName>(event: E, ...payload: Payload<E>): Promise<Payload<E>[0]> {
    return this.bus.emit(event, ...payload) as Promise<Payload<E>[0]>
  }
}
