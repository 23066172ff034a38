import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { ApiError, Plugin, type Class, type RequestData } from '@mortise/sdk'
import { type ApplicationView, createBuiltIns, createSecurityBuiltIns, Limits } from '@app/api'
import { openApplication, type ClassicHost, type HostedApplication } from '@app/classic'
import { BootError, BootReport, Loader, type GivenPlugin } from '@app/loader'
import { ControlDoor } from '@app/gateway'
import { HostApi } from '@app/pipeline'
import type { PluginDefinition } from '@app/registry'
import { PluginStrategies } from '@app/security'
import { observeCalls } from '@app/supervision'
import { PrivateStore } from '@app/storage'
import type { MortiseConfig } from './config-schema.js'
import type { SecretsByPlugin } from '@app/secrets'
import { CausalReader } from './causal-reader.js'
import { ClassicRealtime } from './classic-realtime.js'
import { ClassicTypes } from './classic-types.js'
import { guestServices } from './guest-services.js'
import { HostFacts } from './host-facts.js'
import type { Instruments } from './instruments.js'
import { HOST_PLACE, HotPlugging } from './hot-plugging.js'
import { createClassicReader, createDecoratedReader } from './isolation.js'
import type { HostLogger } from './logger.js'
import { startStore } from './open-store.js'
import { PluginImports } from './plugin-imports.js'
import { PluginSections } from './plugin-sections.js'
import { refuseChanged } from './refuse-changed.js'
import { BUILT_IN, Rooms } from './rooms.js'
import { VERSION } from './version.js'

/** What a host is made from. */
export interface HostParts {
  /** The folder that relative paths start at. */
  readonly root: string
  readonly config: MortiseConfig
  /** The configuration as it is now, for plugins that are brought in anew; theirs stays as it is when absent. @throws ConfigError */
  readonly rereadConfig?: () => MortiseConfig
  readonly secrets?: SecretsByPlugin
  /** Plugins given by code, beside those that are found. */
  readonly plugins?: readonly GivenPlugin[]
  /** The classic application that the host runs for; it makes one of its own when absent. */
  readonly application?: HostedApplication
  readonly logger: HostLogger
  /** Whether plugins are being written: their files are watched, and imported anew when they change. `server.development` when absent. */
  readonly isDevelopment?: boolean
  /** Whether somebody else follows those files and starts the host again when a plugin takes it down: then none is tried in another process first. */
  readonly isDriven?: boolean
  /** Told when a client asks the host to stop; does nothing when absent. */
  readonly onShutdownRequest?: () => void
  /** What the hosts of tests have, and others do without. */
  readonly instruments?: Instruments
}

/** States of the host, as `kuzzle:state:change` numbers them. */
const STATE = { starting: 1, running: 2, shuttingDown: 3 } as const

/**
 * The host: rooms put together, without a server of its own. `start` brings
 * it up to where doors can be attached, `close` takes it down again.
 */
export class MortiseHost {
  readonly rooms: Rooms
  readonly #file: string
  readonly #loader: Loader
  readonly #builtIns: Class
  readonly #control: ControlDoor
  readonly #sections: PluginSections
  /** Where plugins are switched while the host runs. */
  readonly plugging: HotPlugging
  #application: ReturnType<typeof openApplication> | undefined
  #report = new BootReport([])
  #unobserve: (() => void) | undefined

  constructor(private readonly parts: HostParts) {
    const { config, secrets = {}, logger, root, instruments } = parts
    this.#file = resolve(root, config.storage.path)
    this.#sections = new PluginSections(config.plugins, parts.rereadConfig)
    this.rooms = new Rooms({ config, secrets, logger, file: this.#file, instruments })
    this.#control = new ControlDoor(resolve(root, config.server.control), this.rooms.pipeline)
    this.#loader = this.#createLoader(secrets)
    this.plugging = new HotPlugging({ host: parts, rooms: this.rooms, loader: this.#loader, sections: this.#sections, prepare: (definition) => this.#imports().write([definition]), missing: () => this.#report.missing })
    this.#builtIns = this.#createBuiltIns()
  }

  /** What the last start loaded. */
  get report(): BootReport {
    return this.#report
  }

  /** The plugins that run, with their folders, to tell whose a stray error is. */
  get folders(): readonly { name: string; folder: string }[] {
    return this.#loader.folders
  }

  /**
   * Opens the store, loads every plugin and opens the doors that plugins bring.
   *
   * @throws BootError with everything that is wrong; then nothing is left open.
   */
  async start(): Promise<void> {
    const { bus, gateway } = this.rooms
    try {
      bus.notify('kuzzle:state:change', STATE.starting)
      await this.#open()
      await this.plugging.open()
      this.#report = await this.#load()
      for (const { name, error } of this.#report.missing) this.parts.logger.error(`Plugin "${name}" is left out, as it is not required:\n${error.message}`)
      const imports = this.#imports()
      await imports.write(this.#report.plugins.map(({ definition }) => definition))
      await imports.writeDeclared(this.parts.config.security.imports)
      await this.#install()
      for (const event of ['kuzzle:state:start', 'kuzzle:start', 'kuzzle:state:live']) await bus.emit(event, null)
      const faults = await gateway.openGuests()
      if (faults.length > 0) throw new BootError(faults)
    } catch (error) {
      await this.close()
      throw error
    }
  }

  /**
   * Loads the plugin of a folder beside all that is enabled and takes
   * everything down again: whether it would start, and what it would bring.
   *
   * @throws BootError with everything that is wrong.
   */
  async tryOut(folder: string, place: string): Promise<PluginDefinition> {
    await this.#open()
    return this.#loader.tryOut(folder, place)
  }

  /**
   * Loads all that is enabled without opening a door, and answers one request.
   *
   * @throws BootError with everything that keeps it from loading, and what the action throws.
   */
  async inspect<T>(data: RequestData): Promise<T> {
    const { pipeline, loadUser } = this.rooms
    await this.#open()
    await this.#loader.load(this.parts.plugins)
    return new HostApi(pipeline, loadUser).call<T>(data)
  }

  /** Opens the door for commands on this machine. A host does without, where it cannot. */
  async openControl(): Promise<void> {
    if (this.parts.config.server.control === '') return
    await this.#control.open().catch(({ message }: Error) =>
      this.parts.logger.warn(`Commands cannot reach this host: ${message}. Set server.control to another path, or to nothing.`))
  }

  /** Tells everybody that the doors are open. */
  async announce(): Promise<void> {
    const { bus } = this.rooms
    this.#application?.application.markStarted()
    // Whoever collects metrics has said so by now, or never will.
    this.#unobserve = observeCalls(this.rooms.supervisor)
    bus.notify('kuzzle:state:change', STATE.running)
    this.startBackground()
    bus.notify('core:kuzzleStart', 'Mortise is ready to accept requests.')
    await bus.emit('kuzzle:state:ready', null)
    this.plugging.follow()
  }

  /** Begins to tell durable hooks, and to run what is scheduled. */
  startBackground(): void {
    this.rooms.deliverer.start()
    this.rooms.scheduler.start()
  }

  /** Takes no more requests, ends those at work, then stops plugins and store. A second call does nothing. */
  async close(): Promise<void> {
    const { rooms } = this
    if (rooms.isClosing) return
    rooms.isClosing = true
    rooms.bus.notify('kuzzle:state:change', STATE.shuttingDown)
    await this.#control.close()
    await rooms.gateway.close()
    await this.plugging.close()
    await rooms.bus.emit('kuzzle:shutdown', null).catch((error: unknown) => this.parts.logger.error(error))
    rooms.bus.notify('core:shutdown', null)
    const { drainTimeout } = this.parts.config.server
    await Promise.all([rooms.deliverer.close(drainTimeout), rooms.scheduler.close(drainTimeout)])
    this.#unobserve?.()
    await this.#loader.close()
    this.#application?.close()
    rooms.security.close()
    await rooms.memory.close()
    await rooms.store.close()
  }

  /** Everything that plugins stand on. */
  async #open(): Promise<void> {
    await refuseChanged(this.parts)
    const { registry, bus, pipeline, causation, loadUser, nodeId, store, security, realtime, memory } = this.rooms
    if (!this.parts.config.storage.url) await mkdir(dirname(this.#file), { recursive: true })
    await startStore(store, this.parts.config.storage.url, this.#file)
    await memory.start()
    await security.start()
    await this.#loader.loadCandidate({ exported: this.#builtIns, place: HOST_PLACE, packageJson: { name: BUILT_IN } })
    const desk = new ClassicRealtime(realtime, causation)
    this.#application = openApplication({
      registry, bus, logger: this.parts.logger, host: { store, nodeId, realtime: desk }, transport: { pipeline, loadUser, realtime: desk },
    }, this.parts.application)
  }

  /** The plugins, and last of all the application, where it brings anything of its own. */
  async #load(): Promise<BootReport> {
    const { application } = this.#application!
    const { plugins, notices, missing } = await this.#loader.load([...this.parts.plugins ?? [], ...application.candidates.plugins])
    if (!application.declares) return new BootReport(plugins, notices, missing)
    return new BootReport([...plugins, await this.#loader.loadCandidate(application.candidates.itself)], notices, missing)
  }

  /** @throws BootError naming the installation that failed */
  async #install(): Promise<void> {
    const { store, nodeId } = this.rooms
    await this.#application!.application.installations.run({ store, nodeId, logger: this.parts.logger }).catch((error: unknown) => {
      throw ApiError.is(error) ? new BootError([error]) : error
    })
  }

  #imports(): PluginImports {
    const { pipeline, loadUser, store, security } = this.rooms
    return new PluginImports({
      api: new HostApi(pipeline, loadUser), securities: security.services.securities, store: new PrivateStore(store, 'mortise-imports'),
    })
  }

  #createBuiltIns(): Class {
    const { config, onShutdownRequest } = this.parts
    const { store, registry, bus, security, slots, gateway, realtime, statistics, supervisor, memory, types } = this.rooms
    const host = new HostFacts({
      slots,
      security,
      realtime,
      supervisor,
      missing: () => this.#report.missing.map(({ name }) => name),
      memory,
      configuration: () => ({ ...config, plugins: this.#sections.current }),
      application: () => applicationView(this.parts.application),
      connections: () => gateway.entryPoint.connections.counts,
      shutdown: () => onShutdownRequest?.(),
    })
    const limits = new Limits(config.limits.documentsWriteCount, config.limits.documentsFetchCount)
    const [data, people] = [createBuiltIns({ store, registry, bus, host, limits, types, realtime, statistics, supervisor, memory, desk: this.plugging.desk }), createSecurityBuiltIns(security)]
    class BuiltIn {}
    Plugin({
      name: BUILT_IN, version: VERSION, controllers: [...data.controllers, ...people.controllers], providers: [...data.providers, ...people.providers],
    })(BuiltIn)
    return BuiltIn
  }

  #createLoader(secrets: SecretsByPlugin): Loader {
    const { root, logger, instruments = {} } = this.parts
    const sections = this.#sections
    const { registry, causation } = this.rooms
    const { aroundReader = (reader) => reader } = instruments
    const isolation = { root, secrets, rooms: this.rooms, entry: instruments.childEntry }
    return new Loader({
      registry,
      readers: [createDecoratedReader(isolation), createClassicReader(isolation, this.#classicHost(secrets))].map((reader) => aroundReader(new CausalReader(reader, causation))),
      get config() { return { ...sections.current, directory: sections.current.directory ?? enabledFolder(root) } },
      root,
      servicesFor: guestServices(this.rooms, secrets, logger),
    })
  }

  #classicHost(secrets: SecretsByPlugin): ClassicHost {
    const { store, nodeId, loadUser, security, realtime, causation, registry, supervisor, types: known } = this.rooms
    return {
      store, nodeId, loadUser,
      config: structuredClone(this.parts.config),
      secretsOf: (plugin) => ({ ...this.parts.application?.vault.opened, ...secrets[plugin] }),
      realtime: new ClassicRealtime(realtime, causation),
      validation: new ClassicTypes({ registry, supervisor, known, limits: this.parts.config.plugins.common }),
      strategiesOf: (plugin) => new PluginStrategies(security.services.strategies, plugin),
    }
  }
}

const applicationView = (application: HostedApplication | undefined): ApplicationView | undefined =>
  application && { name: application.name, version: application.version, commit: application.commit, openApi: application.openApi.definition }

/** The folder of enabled plugins where none is configured: an application that embeds the host need not have one. */
const enabledFolder = (root: string): string | undefined => (existsSync(join(root, 'plugins/enabled')) ? 'plugins/enabled' : undefined)
