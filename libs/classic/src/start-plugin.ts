import { relative } from 'node:path'
import { ApiError, createError, createErrorFrom } from '@mortise/sdk'
import { frameIn } from '@app/packages'
import type { PluginStart } from '@app/pipeline'
import { messageOf } from '@app/supervision'
import { readClassicDefinition, type ClassicDefinition, type Startable } from './classic-definition.js'
import type { ClassicHost } from './classic-host.js'
import type { ClassicPlugin } from './classic-plugin.js'
import { makeContext, type PluginContext } from './context/context.js'
import { eraOf, isRange, type Era } from './identity/era.js'
import { carriedManifest, type FoundPlugin } from './identity/find-plugin.js'
import { readRange } from './identity/manifest.js'
import { ClassicDoor, isProtocol } from './protocols/classic-door.js'

/** A classic plugin that runs. */
export interface StartedClassicPlugin {
  readonly definition: ClassicDefinition
  close(): Promise<void>
}

/**
 * Constructs a plugin, checks it, waits for its `init`, and reads what it
 * declares then. Whatever fails is told with the plugin's name, and leaves
 * nothing of its context behind.
 *
 * @throws `plugin.runtime.unexpected_error` from the constructor, `plugin.runtime.failed_init` from `init`, `plugin.assert.*`,
 * `plugin.manifest.*`, `plugin.controller.*` and `plugin.strategy.*` from the checks
 */
export async function startPlugin(startable: Startable, { config: given, services, limit }: PluginStart, host: ClassicHost): Promise<StartedClassicPlugin> {
  const { identity: { name, manifest, found }, place } = startable
  const plugin = construct(found, name, startable)
  const config = { ...legacyDefaults(startable.packageJson), ...given }
  if (isProtocol(plugin)) return startProtocol(startable, plugin, { config, services })
  const isPrivileged = checkPrivileges(startable, config, host)
  const era = detectEra(startable, plugin, config)
  if (manifest && !manifest.kuzzleVersion && era.generation === 1) {
    services.logger.warn(`The manifest of plugin "${name}" has no "kuzzleVersion"; it is taken for ">=1.0.0 <2.0.0".`)
  }
  const context = makeContext({ name, place, plugin, era, manifest, isPrivileged, host, services })
  // Whoever started it gives up then, and does not come back to close what never ends its init.
  const expiry = limit > 0 ? setTimeout(() => context.close(), limit) : undefined
  try {
    await initialise({ plugin, name, place, folder: startable.folder, era, config }, context)
    const definition = readClassicDefinition({
      ...startable, plugin, era: detectEra(startable, plugin, config), config, logger: services.logger, allowsMore: allowsMore(host),
    })
    return { definition: { ...definition, validationTypes: context.validationTypes }, close: async () => context.close() }
  } catch (thrown) {
    context.close()
    throw ApiError.is(thrown) ? thrown : failedInit({ name, place, folder: startable.folder }, thrown)
  } finally {
    clearTimeout(expiry)
  }
}

/** A protocol's `init` is called when its door is opened, once all plugins have started. */
function startProtocol(startable: Startable, plugin: ClassicPlugin, { config, services: { logger } }: Pick<PluginStart, 'config' | 'services'>): StartedClassicPlugin {
  const era = detectEra(startable, plugin, config)
  const { name } = startable.identity
  const protocol = protocolOf(startable, plugin)
  const definition = readClassicDefinition({ ...startable, plugin, era, config, logger, allowsMore: false })
  const door = new ClassicDoor({ name: protocol, plugin, config, logger: logger })
  return { definition: { ...definition, name, protocols: [{ name: protocol, door }] }, close: () => Promise.resolve() }
}

/** Plugins without a manifest name their protocol themselves. */
const protocolOf = ({ identity: { manifest, name } }: Startable, { protocol }: ClassicPlugin): string =>
  (manifest === undefined && typeof protocol === 'string' ? protocol : name)

/** @throws `plugin.runtime.unexpected_error` from the constructor, `plugin.assert.init_not_found` */
export function construct(found: FoundPlugin, name: string, { place, folder }: Pick<Startable, 'place' | 'folder'>): ClassicPlugin {
  const plugin = instanceOf(found, name, { place, folder })
  if (typeof plugin.init !== 'function') throw createError('plugin.assert.init_not_found', name).with({ place, hint: 'Mark the class with @Plugin({ name: … }), or give it a method "init(config, context)".' })
  return plugin
}

function instanceOf(found: FoundPlugin, name: string, { place, folder }: Pick<Startable, 'place' | 'folder'>): ClassicPlugin {
  if (found.kind === 'instance') return found.instance
  try {
    return new found.type()
  } catch (thrown) {
    throw createErrorFrom(thrown, 'plugin.runtime.unexpected_error', `${messageOf(thrown)} (plugin "${name}", in its constructor)`)
      .with({ place: placeOf(thrown, { place, folder }) ?? place, hint: HINT })
  }
}

/** The oldest plugins kept default configuration in package.json. */
export function legacyDefaults({ pluginInfo }: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return structuredClone((pluginInfo as { defaultConfig?: Record<string, unknown> } | undefined)?.defaultConfig ?? {})
}

/** Manifest and configuration must agree; and a host that has nothing to give to privileged plugins starts none. */
function checkPrivileges({ identity: { name, manifest }, place }: Startable, config: Record<string, unknown>, host: ClassicHost): boolean {
  const isAsked = manifest?.privileged ?? false
  const isGranted = config.privileged === true
  if (isGranted && !isAsked) throw createError('plugin.assert.privileged_not_supported', name).with({ place, hint: `Take "plugins.${name}.privileged" out of the configuration.` })
  if (isAsked && !isGranted) throw createError('plugin.assert.privileged_not_set', name).with({ place, hint: `Set "plugins.${name}.privileged" to true, if you trust it with everything.` })
  if (isAsked && !host.privileged) throw createError('plugin.assert.privileged_not_set', name).with({ place, hint: 'This host keeps its inner parts to itself: the plugin must do without.' })
  return isAsked
}

/** `plugins.<name>.kuzzleVersion` goes before what the plugin says: for one that was made for an older host than its range tells. */
export function detectEra({ identity: { manifest, name }, place }: Pick<Startable, 'identity' | 'place'>, plugin: ClassicPlugin, config: Record<string, unknown>): Era {
  const carried = carriedManifest(plugin)
  if (carried && !manifest && carried.kuzzleVersion === undefined) throw createError('plugin.manifest.missing_version', name).with({ place })
  const declared = manifest?.kuzzleVersion ?? readRange(place, name, carried?.kuzzleVersion)
  // Asked without reading it: before init a getter may have nothing to give.
  const isModern = carried !== undefined || 'api' in plugin
  const range = isRange(config.kuzzleVersion) ? config.kuzzleVersion : declared
  return eraOf({ range, hasManifest: manifest !== undefined, isModern })
}

/** The classic host's own switch. */
function allowsMore({ config }: ClassicHost): boolean {
  const { controllers } = config as { controllers?: { definition?: { allowAdditionalActionProperties?: boolean } } }
  return controllers?.definition?.allowAdditionalActionProperties === true
}

/** What is initialised. */
interface Initialised {
  readonly plugin: ClassicPlugin
  readonly name: string
  readonly place: string
  readonly folder: string
  readonly era: Era
  readonly config: Record<string, unknown>
}

/** Waits for `init`. @throws `plugin.runtime.failed_init` */
export async function initialise({ plugin, era, config, ...known }: Initialised, context: PluginContext): Promise<void> {
  let result: unknown
  try {
    result = await plugin.init(structuredClone(config), context.shown)
  } catch (thrown) {
    throw failedInit(known, thrown)
  }
  if (result === false && era.failsOnFalse) throw failedInit(known, new Error('its init resolved to false'))
  context.start()
}

const HINT = 'Correct what its constructor or init does there, or disable the plugin.'

const failedInit = ({ name, place, folder }: Pick<Initialised, 'name' | 'place' | 'folder'>, thrown: unknown): ApiError =>
  createErrorFrom(thrown, 'plugin.runtime.failed_init', name, messageOf(thrown))
    .with({ place: placeOf(thrown, { place, folder }) ?? `${place} → init`, hint: (ApiError.is(thrown) && thrown.hint) || HINT })

/** Where in the plugin's files an error was made. */
function placeOf(thrown: unknown, { place, folder }: Pick<Startable, 'place' | 'folder'>): string | undefined {
  const frame = frameIn(thrown, folder)
  return frame && `${place} → ${relative(folder, frame)}`
}

