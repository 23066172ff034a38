import type { ApiError } from '@mortise/sdk'
import type { Causation } from '@app/causation'
import type { PluginCandidate } from '@app/packages'
import type { PluginStart, StartedPlugin } from '@app/pipeline'
import type { PluginDefinition } from '@app/registry'
import type { Supervisor } from '@app/supervision'
import type { PluginShape } from '../wire/messages.js'
import { openChild, type Isolation } from './open-child.js'
import { PluginCrew } from './plugin-crew.js'
import { PluginKeeper } from './plugin-keeper.js'
import { PluginLife, type Patience } from './plugin-life.js'
import { refuseIsolation } from './refuse-isolation.js'
import type { RunRemote } from './remote-definition.js'

/** What plugins are isolated with. */
export interface IsolatorParts {
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

/** Where one plugin is to run. */
export interface Place {
  readonly isolation: Isolation
  /** Megabytes of heap. */
  readonly memory?: number
  /** How many threads or processes it has, each running all of it; one when absent. */
  readonly count?: number
  /** Milliseconds it has to close in. */
  readonly close?: number
  /** What the reader at the other end is to know of the host. */
  readonly facts?: Readonly<Record<string, unknown>>
}

const PATIENCE: Patience = { beat: 1_000, beats: 3, close: 5_000 }

/** Starts plugins in threads and processes of their own, and keeps them alive. */
export class Isolator {
  constructor(private readonly parts: IsolatorParts) {}

  /**
   * @param define - Makes the definition, of what the plugin brings and what calls its handlers. @throws what speaks against it
   * @throws `plugin.worker.cannot_isolate` for one that is given by code or brings what must stay with the host; then nothing of it runs.
   */
  async start(candidate: PluginCandidate, start: PluginStart, place: Place, define: (shape: PluginShape, run: RunRemote) => PluginDefinition): Promise<StartedPlugin> {
    const { identity: { name }, services } = start
    const crew = this.#gather(candidate, start, place)
    const forget = this.#followQuarantine(name, crew)
    const close = (): Promise<void> => crew.close().finally(() => {
      forget?.()
      services.close?.()
    })
    try {
      if (this.#isGivenByCode(candidate)) throw refuseIsolation(name, 'it is given by code', 'Make a package of it, and enable its folder.')
      const shape = await crew.start()
      if (shape.bound.length > 0) throw refuseIsolation(name, `it brings ${shape.bound.join(', ')}`, 'Let it run inline.')
      return { definition: define(shape, crew.run.bind(crew)), close, keepsTime: true, kill: () => crew.kill() }
    } catch (thrown) {
      await close()
      throw thrown
    }
  }

  #gather(candidate: PluginCandidate, start: PluginStart, place: Place): PluginCrew {
    const { identity: { name: plugin }, services: { logger } } = start
    const keeper = (): PluginKeeper => new PluginKeeper({
      plugin, logger,
      begin: () => this.#begin(candidate, start, place),
      crashed: (times, reason) => this.parts.supervisor?.crashed(plugin, times, reason) ?? false,
    })
    return new PluginCrew(Array.from({ length: place.count ?? 1 }, keeper))
  }

  #followQuarantine(name: string, crew: PluginCrew): (() => void) | undefined {
    const { supervisor } = this.parts
    return supervisor?.onChange((plugin) => {
      if (plugin === name && !supervisor.of(name).quarantine) crew.resume()
    })
  }

  /** A class cannot cross; a folder can be loaded again elsewhere. */
  #isGivenByCode({ folder, packageJson }: PluginCandidate): boolean {
    return folder === this.parts.root && Object.keys(packageJson).length === 0
  }

  #begin({ folder, place }: PluginCandidate, { identity, config, common, limit, services }: PluginStart, { close, facts, ...limits }: Place): PluginLife {
    const { entry, environment, secretsOf, refuse, causation, patience } = this.parts
    return new PluginLife(openChild({ ...limits, entry, environment }), {
      order: { folder, place, identity: { name: identity.name, version: identity.version }, config, common, facts, secrets: secretsOf(identity.name) },
      services, causation,
      patience: { ...PATIENCE, ...patience, ...(close !== undefined && { close }) },
      startLimit: limit,
      refuse: (faults) => refuse(faults as ApiError[]),
    })
  }
}
