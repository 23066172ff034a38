import type { PluginCandidate } from '@app/packages'
import { ReaderAround, type PluginReader, type PluginStart, type StartedPlugin } from '@app/pipeline'
import type { Isolator } from './isolator.js'
import type { Isolation } from './open-child.js'
import { defineRemote } from './remote-definition.js'
import { defineStrategies } from './remote-strategies.js'

/** What a reader that isolates is made from. */
export interface WorkerReaderParts {
  /** Reads the plugins, here those that run inline; in the isolator's entry a reader of the same kind must. */
  readonly reader: PluginReader
  readonly isolator: Isolator
}

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
export class WorkerReader extends ReaderAround {
  constructor(private readonly parts: WorkerReaderParts) {
    super(parts.reader)
  }

  /** @throws `plugin.worker.cannot_isolate` for one that is given by code or brings what must stay with the host. */
  start(candidate: PluginCandidate, start: PluginStart): Promise<StartedPlugin> {
    const { isolation = 'inline', memory, ...config } = start.config as HostKeys & PluginStart['config']
    if (isolation === 'inline') return this.reader.start(candidate, { ...start, config })
    const { identity: { name, version }, services } = start
    return this.parts.isolator.start(candidate, { ...start, config }, { isolation, memory }, (shape, run) => ({
      name, version, kind: 'decorated', place: candidate.place, details: { isolation },
      ...defineRemote(shape, run, services.filter), strategies: defineStrategies(candidate.exported, shape.strategies, run),
    }))
  }
}
