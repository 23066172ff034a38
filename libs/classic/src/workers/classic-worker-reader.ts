import type { PluginCandidate } from '@app/packages'
import type { PluginReader, PluginStart } from '@app/pipeline'
import type { ClassicDefinition } from '../classic-definition.js'
import { isRecord, type ClassicPlugin } from '../classic-plugin.js'
import { findPlugin } from '../identity/find-plugin.js'
import { identify, type ClassicIdentity } from '../identity/identify.js'
import { ClassicDoor, isProtocol } from '../protocols/classic-door.js'
import { construct, detectEra, initialise, legacyDefaults, type StartedClassicPlugin } from '../start-plugin.js'
import { readWorkerHooks } from './worker-hooks.js'
import { makeWorkerContext } from './worker-context.js'

/** What a plugin may declare and a worker ignores. */
const IGNORED = ['pipes', 'controllers', 'api', 'routes', 'authenticators', 'strategies', 'imports'] as const

/**
 * Reads classic plugins where they run as workers: of one that is started, its
 * hooks alone work, and its `init` gets the smaller context that workers had.
 * What else it declares stands in the definition's details as `ignored`.
 */
export class ClassicWorkerReader implements PluginReader {
  /** @param config - The host's configuration as plugins may see it. */
  constructor(private readonly config: Readonly<Record<string, unknown>>) {}

  accepts({ exported }: PluginCandidate): boolean {
    return findPlugin(exported) !== undefined
  }

  identify(candidate: PluginCandidate): ClassicIdentity {
    return identify(candidate)
  }

  /** @throws `plugin.runtime.unexpected_error` from the constructor, `plugin.runtime.failed_init`, `plugin.assert.invalid_hook` */
  async start(candidate: PluginCandidate, { config: given, services: { logger } }: PluginStart): Promise<StartedClassicPlugin> {
    const { place, folder, packageJson } = candidate
    const identity = identify(candidate)
    const { name, version, found, manifest } = identity
    const plugin = construct(found, name, { place, folder })
    const config = { ...legacyDefaults(packageJson), ...given }
    const era = detectEra({ ...candidate, identity }, plugin, config)
    if (!isProtocol(plugin)) await initialise({ plugin, name, place, folder, era, config }, makeWorkerContext(this.config, era))
    const { hooks, unheard } = readWorkerHooks({ name, place, plugin, era, config, logger, allowsMore: false })
    const definition: ClassicDefinition = {
      name, version, place, hooks, kind: 'classic', pipes: [], controllers: [], strategies: [], imports: {}, era,
      details: {
        ...(manifest && { manifest: { name, path: candidate.folder, kuzzleVersion: manifest.kuzzleVersion } }),
        routes: [], strategies: [], imports: [],
        ignored: [...unheard.map((event) => `the hook on "${event}"`), ...ignoredOf(plugin)],
      },
      ...(isProtocol(plugin) && { protocols: [{ name, door: new ClassicDoor({ name, plugin, config, logger }) }] }),
    }
    return { definition, close: () => Promise.resolve() }
  }
}

/** The sections of a plugin that hold anything, with the names in them where they have names. */
function ignoredOf(plugin: ClassicPlugin): string[] {
  return IGNORED.flatMap((section) => {
    const declared = plugin[section]
    const names = isRecord(declared) ? Object.keys(declared) : []
    const isEmpty = Array.isArray(declared) ? declared.length === 0 : names.length === 0
    return isEmpty ? [] : [`"${section}"${names.length > 0 ? ` (${names.join(', ')})` : ''}`]
  })
}
