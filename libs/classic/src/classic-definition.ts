import { createError } from '@mortise/sdk'
import type { ControllerDefinition, PluginDefinition, StrategyDefinition } from '@app/registry'
import type { ValidationType } from './classic-host.js'
import { isRecord } from './classic-plugin.js'
import { readApi } from './declarations/api.js'
import { readControllers, sectionOf } from './declarations/controllers.js'
import { readHooks, readPipes, type ListenerOwner } from './declarations/listeners.js'
import { readStrategies } from './declarations/strategies.js'
import type { Era } from './identity/era.js'
import type { ClassicIdentity } from './identity/identify.js'

/** A candidate to start, with all that was found out about it. */
export interface Startable {
  readonly place: string
  readonly folder: string
  readonly packageJson: Readonly<Record<string, unknown>>
  readonly identity: ClassicIdentity
}

/** A classic plugin as the registry knows it, and the data that it wants imported. */
export interface ClassicDefinition extends PluginDefinition {
  readonly kind: 'classic'
  readonly strategies: readonly StrategyDefinition[]
  /** What was found out about the host that it is written for. */
  readonly era: Era
  /** `mappings`, `fixtures`, `roles`, `profiles`, `users`, `userMappings`, `onExistingUsers`: to be imported before the host opens. */
  readonly imports: Readonly<Record<string, unknown>>
  /** The types that it has added so far; those that it adds later come into the same list. */
  readonly validationTypes?: readonly ValidationType[]
}

type Started = Startable & Omit<ListenerOwner, 'name' | 'place'>

/** Reads all declarations of a plugin whose `init` has ended, getters and lists included. @throws the first fault */
export function readClassicDefinition(started: Started): ClassicDefinition {
  const { identity: { name, version, manifest }, folder, place, plugin } = started
  const owner: ListenerOwner = { ...started, name }
  const controllers = readActions(owner)
  const strategies = readStrategies(owner)
  const imports = isRecord(plugin.imports) ? plugin.imports : {}
  return {
    name,
    version: typeof plugin.version === 'string' ? plugin.version : version,
    kind: 'classic',
    place,
    hooks: readHooks(owner),
    pipes: readPipes(owner),
    controllers,
    strategies,
    era: started.era,
    imports,
    details: {
      ...(manifest && { manifest: { name, path: folder, kuzzleVersion: manifest.kuzzleVersion } }),
      routes: routesAsShown(owner),
      strategies: strategies.map((strategy) => strategy.name),
      imports: Object.keys(imports),
    },
  }
}

function readActions(owner: ListenerOwner): readonly ControllerDefinition[] {
  const hasBoth = (['controllers', 'api'] as const).every((section) => Object.keys(sectionOf(owner, section)).length > 0)
  if (hasBoth) throw createError('plugin.assert.duplicated_api_definition', owner.name).with({ place: owner.place, hint: 'Move everything into "api".' })
  return [...readControllers(owner), ...readApi(owner)]
}

/** The second generation shows each path under both of its names. */
function routesAsShown({ era, plugin: { routes } }: ListenerOwner): unknown[] {
  if (!Array.isArray(routes)) return []
  if (era.generation === 1) return routes
  return (routes as Record<string, unknown>[]).map((route) => ({ ...route, url: route.url ?? route.path, path: route.path ?? route.url }))
}
