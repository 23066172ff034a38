import type { ApiError } from '@mortise/sdk'
import type { Causation } from '@app/causation'
import type { PluginCandidate } from '@app/packages'
import type { PluginIdentity, PluginReader, PluginStart, StartedPlugin } from '@app/pipeline'
import type { Supervisor } from '@app/supervision'
import { openChild, type Isolation } from './open-child.js'
import { PluginKeeper } from './plugin-keeper.js'
import { PluginLife, type Patience } from './plugin-life.js'
import { refuseIsolation } from './refuse-isolation.js'
import { defineRemote } from './remote-definition.js'
import { defineStrategies } from './remote-strategies.js'

/** What a reader that isolates is made from. */
export interface WorkerReaderParts {
  /** Reads the plugins, here those that run inline; in `entry` a reader of the same kind must. */
  readonly reader: PluginReader
  /** The module that calls `runPlugin`, compiled. */
  readonly entry: URL
  /** The host's folder: where plugins given by code seem to lie. */
  readonly root: string
  readonly secretsOf: (plugin: string) => Readonly<Record<string, string>>
  /** Variables that plugins in threads and processes see. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The error that stands for several faults of one plugin. */
  readonly refuse: (faults: readonly ApiError[]) => Error
  readonly causation: Causation
  readonly patience?: Partial<Patience>
  /** Puts what keeps going down into quarantine; without one, it is started again for ever. */
  readonly supervisor?: Supervisor
}

const PATIENCE: Patience = { beat: 1_000, beats: 3, close: 5_000 }

/** The loader's own default; a thread that does not come up is ended after the loader has given up. */
const START_LIMIT = 10_000

/** Keys of a plugin's section that are the host's. */
interface HostKeys {
  readonly isolation?: Isolation | 'inline'
  readonly memory?: number
}

/**
 * Lets `plugins.<name>.isolation` decide where a plugin runs: `inline` as its
 * reader starts it, `thread` or `process` in one of its own, of which
 * `plugins.<name>.memory` limits the heap (megabytes). Neither key reaches the
 * plugin.
 */
export class WorkerReader implements PluginReader {
  constructor(private readonly parts: WorkerReaderParts) {}

  accepts(candidate: PluginCandidate): boolean {
    return this.parts.reader.accepts(candidate)
  }

  identify(candidate: PluginCandidate): PluginIdentity {
    return this.parts.reader.identify(candidate)
  }

  /** @throws `plugin.worker.cannot_isolate` for one that is given by code or brings what must stay with the host. */
  start(candidate: PluginCandidate, start: PluginStart): Promise<StartedPlugin> {
    const { isolation = 'inline', memory, ...config } = start.config as HostKeys & PluginStart['config']
    if (isolation === 'inline') return this.parts.reader.start(candidate, { ...start, config })
    return this.#isolate(candidate, { ...start, config }, { isolation, memory })
  }

  async #isolate(candidate: PluginCandidate, start: PluginStart, place: { isolation: Isolation; memory?: number }): Promise<StartedPlugin> {
    const { identity: { name, version }, services } = start
    const { supervisor } = this.parts
    const keeper = new PluginKeeper({
      plugin: name, logger: services.logger,
      begin: () => this.#begin(candidate, start, place),
      crashed: (times, reason) => supervisor?.crashed(name, times, reason) ?? false,
    })
    const forget = supervisor?.onChange((plugin) => {
      if (plugin === name && !supervisor.of(name).quarantine) keeper.resume()
    })
    const close = (): Promise<void> => keeper.close().finally(() => {
      forget?.()
      services.close?.()
    })
    try {
      if (this.#isGivenByCode(candidate)) throw refuseIsolation(name, 'it is given by code', 'Make a package of it, and enable its folder.')
      const shape = await keeper.start()
      if (shape.bound.length > 0) throw refuseIsolation(name, `it brings ${shape.bound.join(', ')}`, 'Let it run inline.')
      const definition = { name, version, kind: 'decorated' as const, place: candidate.place, details: { isolation: place.isolation } }
      const run = keeper.run.bind(keeper)
      return { definition: { ...definition, ...defineRemote(shape, run, services.filter), strategies: defineStrategies(candidate.exported, shape.strategies, run) }, close, kill: () => keeper.kill() }
    } catch (thrown) {
      await close()
      throw thrown
    }
  }

  /** A class cannot cross; a folder can be loaded again elsewhere. */
  #isGivenByCode({ folder, packageJson }: PluginCandidate): boolean {
    return folder === this.parts.root && Object.keys(packageJson).length === 0
  }

  #begin({ folder, place }: PluginCandidate, { identity, config, common, services }: PluginStart, limits: { isolation: Isolation; memory?: number }): PluginLife {
    const { entry, environment, secretsOf, refuse, causation, patience } = this.parts
    const { initTimeout } = common as { initTimeout?: number }
    return new PluginLife(openChild({ ...limits, entry, environment }), {
      order: { folder, place, identity, config, common, secrets: secretsOf(identity.name) },
      services, causation,
      patience: { ...PATIENCE, ...patience },
      startLimit: initTimeout ?? START_LIMIT,
      refuse: (faults) => refuse(faults as ApiError[]),
    })
  }
}
