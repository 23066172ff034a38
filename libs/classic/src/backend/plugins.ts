import { createError, createErrorFrom } from '@mortise/sdk'
import type { PluginCandidate } from '@app/packages'
import { classNameOf, isRecord, type ClassicPlugin } from '../classic-plugin.js'
import { carriedManifest } from '../identity/find-plugin.js'
import { kebabCase } from '../kebab-case.js'
import { APPLICATION_RANGE } from './controllers.js'
import type { Stage } from './stage.js'

/** How an application takes a plugin in. */
export interface UseOptions {
  /** The class's name in kebab-case, without `Plugin`, when absent. */
  readonly name?: string
  /** For a plugin that carries none. */
  readonly manifest?: Readonly<Record<string, unknown>>
}

/** A plugin for the host to load, and where reports say it is from. */
export type GivenByApplication = Pick<PluginCandidate, 'exported' | 'place' | 'manifest' | 'packageJson'>

const KEBAB = /^[a-z\d-]+$/

/** `app.plugin`: instances of plugins that start with the application, in this order. */
export class ApplicationPlugins {
  readonly #used = new Map<string, { plugin: ClassicPlugin; manifest: Readonly<Record<string, unknown>> }>()

  constructor(private readonly stage: Stage) {}

  /**
   * @throws `plugin.assert.no_name_provided`, `.invalid_plugin_name`, `.name_already_exists`, `.init_not_found`,
   * `plugin.manifest.invalid_name_type`, `plugin.runtime.already_started`
   */
  use(plugin: ClassicPlugin, { name: given, manifest = {} }: UseOptions = {}): void {
    this.stage.refuseWhenOpen('plugin')
    const name = nameOf(plugin, given)
    if (this.#used.has(name)) throw createError('plugin.assert.name_already_exists', name).with({ place: PLACE })
    if (typeof plugin.init !== 'function') throw createError('plugin.assert.init_not_found', name).with({ place: PLACE, hint: 'Give the class a method "init(config, context)".' })
    this.#used.set(name, { plugin, manifest: { kuzzleVersion: APPLICATION_RANGE, ...carriedManifest(plugin), ...manifest, name } })
  }

  /** The instance of that name. @throws `plugin.assert.plugin_not_found` */
  get<T = ClassicPlugin>(name: string): T {
    const used = this.#used.get(name)
    if (!used) throw createError('plugin.assert.plugin_not_found', name)
    return used.plugin as T
  }

  list(): string[] {
    return [...this.#used.keys()]
  }

  get candidates(): GivenByApplication[] {
    return [...this.#used].map(([name, { plugin, manifest }]) => ({
      exported: plugin, manifest, place: `the application → app.plugin.use(${name})`,
      packageJson: typeof plugin.version === 'string' ? { version: plugin.version } : {},
    }))
  }
}

const PLACE = 'app.plugin.use'

function nameOf(plugin: ClassicPlugin, given: string | undefined): string {
  if (!isRecord(plugin)) throw createErrorFrom(plugin, 'plugin.assert.not_a_constructor', String(plugin)).with({ place: PLACE, hint: 'Give an instance: "app.plugin.use(new MyPlugin())".' })
  const type = classNameOf(plugin)
  if (given === undefined && type === 'plugin') throw createError('plugin.assert.no_name_provided', PLACE).with({ place: PLACE, hint: 'Name it: "app.plugin.use(plugin, { name })".' })
  const name = given ?? kebabCase(type.replace(/Plugin$/, ''))
  if (typeof name !== 'string' || !KEBAB.test(name)) throw createError('plugin.assert.invalid_plugin_name', String(name)).with({ place: PLACE })
  return name
}
