import type { DynamicModule, InjectionToken } from '@nestjs/common'
import { Api, Config, EventEmitter, Logger, PluginStore, Realtime, Secrets, serviceOf, type Class, type ServiceName } from '@mortise/sdk'
import { injectedTokens } from './constructed-classes.js'

/** The services of one plugin, by the name that their types carry; those that a host does not offer are absent. */
export type ServicesByName = Readonly<Partial<Record<ServiceName, unknown>>>

const OWN_TYPES = [Api, Config, EventEmitter, Logger, PluginStore, Realtime, Secrets]

class HostServices {}

/**
 * The host's services as a Nest module, for every module of the plugin's
 * context. They are found by type; a plugin that carries its own copy of the
 * SDK asks by that copy's types, and gets the same.
 */
export function hostModule(plugin: Class, services: ServicesByName): DynamicModule {
  const types = [...new Set<unknown>([...OWN_TYPES, ...injectedTokens(plugin)])]
  const providers = types.flatMap((type) => {
    const name = serviceOf(type)
    const service = name && services[name]
    return service === undefined ? [] : [{ provide: type as InjectionToken, useValue: service }]
  })
  return { module: HostServices, global: true, providers, exports: providers.map(({ provide }) => provide) }
}
