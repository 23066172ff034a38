import { createError, type ApiError } from '@mortise/sdk'
import { findPlugins, readPackage, type FoundPlugins, type PluginCandidate } from '@app/packages'
import type { GuestServices, GuestServicesFactory, PluginIdentity, PluginReader, StartedPlugin } from '@app/pipeline'
import type { PluginDefinition, Registry } from '@app/registry'
import { closest } from 'fastest-levenshtein'
import type { PluginFolder } from './attribute-stray.js'
import { BootFaults } from './boot-faults.js'
import { BootError, BootReport, type LoadedPlugin } from './boot-report.js'
import { BootTimeline } from './boot-timeline.js'
import { checkWiring } from './check-wiring.js'
import { startPlugin } from './start-plugin.js'
import { stopPlugins } from './stop-plugins.js'

/** The `plugins` section of the configuration: these keys, and one per plugin, under its name. */
export interface PluginsSection {
  /** The folder whose directories and links are plugins; none is read when absent. */
  readonly directory?: string
  readonly common?: { readonly include?: readonly string[]; readonly initTimeout?: number; readonly [key: string]: unknown }
  readonly [plugin: string]: unknown
}

/** What a loader works with. */
export interface LoaderParts {
  readonly registry: Registry
  /** Asked in turn; the first that accepts a candidate reads it. */
  readonly readers: readonly PluginReader[]
  readonly servicesFor: GuestServicesFactory
  readonly config: PluginsSection
  /** The host's folder. */
  readonly root: string
}

/** A plugin given by code: at least its class and what reports call its place. */
export type GivenPlugin = Pick<PluginCandidate, 'exported' | 'place'> & Partial<PluginCandidate>

interface Identified {
  readonly candidate: PluginCandidate
  readonly reader: PluginReader
  readonly identity: PluginIdentity
}

/** A plugin that is started and may be put in place. */
export type AsidePlugin = LoadedPlugin

interface Running extends LoadedPlugin {
  readonly candidate: PluginCandidate
  readonly started: StartedPlugin
  readonly services: GuestServices
  readonly limit: number
  remove: (() => void) | undefined
}

const INIT_TIMEOUT = 10_000

/** Keys of a plugin's section that it does not see itself. */
interface HostKeys {
  readonly budget?: PluginDefinition['budget'] & { readonly initTimeout?: number }
  readonly required?: boolean
}

/** Keys of the section that are no plugin's. */
const RESERVED = ['common', 'directory', 'watch']

/** The section of the host's own secrets, which no plugin may be given. */
const HOST = 'host'

/** What every object has of its own accord, so a section of that name would be found where there is none. */
const INHERITED = 'constructor'

/** Brings plugins up, all or none, and takes them down again. */
export class Loader {
  #running: Running[] = []

  constructor(private readonly parts: LoaderParts) {}

  /**
   * Finds, checks, starts and registers every enabled plugin, in load order:
   * packages of the configuration, then those given by code, then the folder's
   * by name. They start one after another.
   *
   * @throws {@link BootError} with every fault there is; then no plugin of this call is left running.
   */
  async load(given: readonly GivenPlugin[] = []): Promise<BootReport> {
    const { packages, directories, faults } = await this.#find()
    const { plugins, missing } = await this.#bringUp([...packages, ...given.map(this.#complete), ...directories], faults)
    return new BootReport(plugins, this.#unusedSections(missing.map(({ name }) => name)), missing)
  }

  /** Brings up one plugin that code has at hand, beside those that run. @throws {@link BootError} */
  async loadCandidate(given: GivenPlugin): Promise<LoadedPlugin> {
    const { plugins } = await this.#bringUp([this.#complete(given)], [])
    return plugins[0] as LoadedPlugin
  }

  /**
   * Tells what a folder's plugin brings, by loading it with all that is
   * enabled and then closing everything that this loader runs.
   *
   * @throws {@link BootError} with what would keep the host from starting.
   */
  async tryOut(path: string, place: string): Promise<PluginDefinition> {
    const { packages, directories, faults } = await this.#find()
    const candidate = await readPackage(path, place).catch((fault: ApiError) => { throw new BootError([fault]) })
    const others = [...packages, ...directories].filter(({ folder }) => folder !== candidate.folder)
    const { plugins, missing } = await this.#bringUp([...others, candidate], faults)
    await this.close()
    const tried = plugins.find(({ definition }) => definition.place === place)
    if (!tried) throw missing.at(-1)?.error ?? new BootError([])
    return tried.definition
  }

  /** What runs, in load order, each with the real folder it was read from: the host's own where it was given by code. */
  get running(): readonly { readonly definition: PluginDefinition; readonly folder: string }[] {
    return this.#running.map(({ definition, candidate: { folder } }) => ({ definition, folder }))
  }

  /** Names and folders of what runs from a folder of its own, to tell whose a stray error is. */
  get folders(): readonly PluginFolder[] {
    return this.running.map(({ definition: { name }, folder }) => ({ name, folder })).filter(({ folder }) => folder !== this.parts.root)
  }

  /** Starts a plugin beside those that run; nothing of it is registered. @param old - Whose place it is to take. @throws {@link BootError} */
  async startAside(candidate: PluginCandidate, old?: string): Promise<AsidePlugin> {
    const faults = new BootFaults(() => false)
    const [plugin] = await this.#startAll(this.#identify([candidate], faults, old), faults, new BootTimeline())
    if (!plugin) throw new BootError(faults.ending)
    return plugin
  }

  /**
   * Registers a plugin that was started aside in the place of `old`, or behind all others, between two requests. Yields the old one,
   * which goes on running until it is stopped.
   *
   * @throws {@link BootError}; then all is as it was.
   */
  swapIn(plugin: AsidePlugin, old?: string): AsidePlugin | undefined {
    const [running, before] = [plugin as Running, this.#running.find(({ definition }) => definition.name === old)]
    const faults = new BootFaults(() => false)
    this.#register(running, faults, before)
    if (faults.isNone) this.#checkWiring([running], faults)
    if (!faults.isNone) {
      if (before) before.remove = running.remove ? this.parts.registry.register(before.definition, running.definition) : before.remove
      else running.remove?.()
      throw new BootError(faults.ending)
    }
    this.#running = before ? this.#running.map((each) => (each === before ? running : each)) : [...this.#running, running]
    return before
  }

  /** Takes a plugin out, which goes on running until it is stopped. @throws `plugin.assert.plugin_not_found` */
  takeOut(name: string): AsidePlugin {
    const plugin = this.#running.find(({ definition }) => definition.name === name)
    if (!plugin) throw createError('plugin.assert.plugin_not_found', name)
    this.#running = this.#running.filter((other) => other !== plugin)
    plugin.remove?.()
    return plugin
  }

  /** Closes a plugin that is not registered any more, or not yet. */
  stop(plugin: AsidePlugin): Promise<void> {
    return stopPlugins([{ ...plugin as Running, remove: undefined }])
  }

  /** Takes every plugin out and closes it, the last one loaded first. */
  async close(): Promise<void> {
    await stopPlugins(this.#running.splice(0))
  }

  /** A section may wait for a plugin that is disabled, so a misspelt one is no fault. */
  #unusedSections(missing: readonly string[]): string[] {
    const names = [...this.parts.registry.plugins.map(({ name }) => name), ...missing]
    return Object.keys(this.parts.config).filter((key) => !RESERVED.includes(key) && !names.includes(key))
      .map((key) => `The configuration has plugins.${key}, but no plugin "${key}" is loaded.${names.length > 0 ? ` Did you mean "${closest(key, names)}"?` : ''}`)
  }

  #find(): Promise<FoundPlugins> {
    const { root, config: { directory, common } } = this.parts
    return findPlugins({ root, directory, include: common?.include })
  }

  readonly #complete = (given: GivenPlugin): PluginCandidate => ({ folder: this.parts.root, packageJson: {}, ...given })

  /** Whether `plugins.<name>.required` lets the host start without it. */
  readonly #isOptional = (name: string): boolean => (this.parts.config[name] as { required?: boolean } | undefined)?.required === false

  async #bringUp(candidates: readonly PluginCandidate[], found: readonly ApiError[]): Promise<BootReport> {
    const faults = new BootFaults(this.#isOptional)
    for (const fault of found) faults.add(fault, { place: fault.place ?? '' })
    const timeline = new BootTimeline()
    const identified = this.#identify(candidates, faults)
    const running = await this.#startAll(identified, faults, timeline)
    running.forEach((plugin) => this.#register(plugin, faults))
    this.#checkWiring(running, faults)
    if (faults.ending.length > 0) {
      await stopPlugins(running)
      throw new BootError(faults.ending, timeline.toString())
    }
    const isMissing = ({ definition }: Running): boolean => faults.missing.some(({ name }) => name === definition.name)
    await stopPlugins(running.filter(isMissing))
    const sound = running.filter((plugin) => !isMissing(plugin))
    this.#running.push(...sound)
    return new BootReport(sound, [], faults.missing)
  }

  #identify(candidates: readonly PluginCandidate[], faults: BootFaults, replaced?: string): Identified[] {
    const known = new Map(this.#running.filter(({ definition: { name } }) => name !== replaced).map(({ definition: { name, place } }) => [name.toLowerCase(), place]))
    return candidates.flatMap((candidate) => {
      try {
        const identified = this.#identifyOne(candidate, known)
        known.set(identified.identity.name.toLowerCase(), candidate.place)
        return [identified]
      } catch (thrown) {
        faults.add(thrown, candidate)
        return []
      }
    })
  }

  #identifyOne(candidate: PluginCandidate, known: ReadonlyMap<string, string>): Identified {
    const reader = this.parts.readers.find((each) => each.accepts(candidate))
    if (!reader) throw createError('plugin.assert.not_a_constructor', candidate.place).with({ hint: 'Export a class marked with @Plugin by default.' })
    const identity = reader.identify(candidate)
    const { name } = identity
    const namesake = known.get(name.toLowerCase())
    if (namesake) throw createError('plugin.assert.name_already_exists', name).with({ hint: `Rename it, or disable the other one in ${namesake}.` })
    if (RESERVED.includes(name)) throw createError('plugin.assert.invalid_plugin_name', name).with({ hint: `Rename it: plugins.${name} means something else in the configuration.` })
    if (name === HOST) throw createError('plugin.assert.invalid_plugin_name', name).with({ hint: 'Rename it: secrets of that name are the host\'s own.' })
    if (name === INHERITED) throw createError('plugin.assert.invalid_plugin_name', name).with({ hint: 'Rename it: in JavaScript, every object has a "constructor".' })
    return { candidate, reader, identity }
  }

  async #startAll(identified: readonly Identified[], faults: BootFaults, timeline: BootTimeline): Promise<Running[]> {
    const running: Running[] = []
    for (const plugin of identified) {
      await this.#start(plugin, timeline).then((started) => running.push(started), (thrown: unknown) => faults.add(thrown, { ...plugin.candidate, ...plugin.identity }))
    }
    return running
  }

  async #start({ candidate, reader, identity }: Identified, timeline: BootTimeline): Promise<Running> {
    const { config: { common = {}, ...sections }, servicesFor } = this.parts
    const services = servicesFor(identity.name)
    const { budget, required: _required, ...config } = structuredClone(sections[identity.name] ?? {}) as Record<string, unknown> & HostKeys
    const limit = budget?.initTimeout ?? common.initTimeout ?? INIT_TIMEOUT
    const { started, milliseconds } = await startPlugin({ reader, candidate, start: { identity, config, common, limit, services }, timeline })
    return { definition: { ...started.definition, budget }, candidate, started, services, limit, milliseconds, remove: undefined }
  }

  #register(plugin: Running, faults: BootFaults, old?: Running): void {
    try {
      plugin.remove = this.parts.registry.register(plugin.definition, old?.definition)
    } catch (thrown) {
      faults.add(thrown, { ...plugin.candidate, name: plugin.definition.name })
    }
  }

  /** A classic plugin may know events of other hosts, so what it hears in vain is only logged. */
  #checkWiring(running: readonly Running[], faults: BootFaults): void {
    for (const { plugin, error } of checkWiring(this.parts.registry, faults.isNone)) {
      const loading = running.find(({ definition }) => definition === plugin)
      if (plugin.kind === 'classic') loading?.services.logger.warn(`${error.message.split('\n')[0]} ${error.hint}`)
      else if (loading) faults.add(error, plugin)
    }
  }
}
