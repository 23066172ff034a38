import type { PluginCandidate } from '@app/packages'
import { ReaderAround, type PluginReader, type PluginStart, type StartedPlugin } from '@app/pipeline'
import type { HookDefinition } from '@app/registry'
import type { FaultTable } from './faults/fault-table.js'

/** What a test says of the plugins of its host. */
interface ReaderOptions {
  readonly faults: FaultTable
  /** Where a plugin is to run; as it is configured when `undefined`. */
  readonly isolationOf: (plugin: string) => string | undefined
}

/**
 * Reads plugins as its inner reader does, each to run where the test says, and
 * puts faults around durable hooks, which are in no chain.
 */
export class WatchedReader extends ReaderAround {
  constructor(reader: PluginReader, private readonly options: ReaderOptions) {
    super(reader)
  }

  async start(candidate: PluginCandidate, start: PluginStart): Promise<StartedPlugin> {
    const { faults, isolationOf } = this.options
    const isolation = isolationOf(start.identity.name)
    const started = await this.reader.start(candidate, isolation === undefined ? start : { ...start, config: { ...start.config, isolation } })
    const { definition, kill } = started
    const forget = faults.know(definition.name, kill)
    return {
      ...started,
      definition: { ...definition, hooks: definition.hooks.map((hook) => (hook.durable ? this.#wrap(definition.name, hook) : hook)) },
      close: async () => {
        forget()
        await started.close()
      },
    }
  }

  #wrap(plugin: string, hook: HookDefinition): HookDefinition {
    const listener = { plugin, name: hook.name, listener: `durable hook ${hook.name}`, handler: hook.handler }
    return { ...hook, handler: this.options.faults.around(listener, { kind: 'hook', event: hook.event }) }
  }
}
