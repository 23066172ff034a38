import type { PluginCandidate } from '@app/packages'
import type { PluginIdentity, PluginReader, PluginStart, StartedPlugin } from '@app/pipeline'
import { refuseIsolation } from './refuse-isolation.js'

/** Reads plugins of a shape that works in the host's own thread only, and says so of one that is to be isolated. */
export class InlineReader implements PluginReader {
  constructor(private readonly reader: PluginReader) {}

  accepts(candidate: PluginCandidate): boolean {
    return this.reader.accepts(candidate)
  }

  identify(candidate: PluginCandidate): PluginIdentity {
    return this.reader.identify(candidate)
  }

  /** @throws `plugin.worker.cannot_isolate` */
  async start(candidate: PluginCandidate, start: PluginStart): Promise<StartedPlugin> {
    const { isolation = 'inline', ...config } = start.config
    if (isolation !== 'inline') throw refuseIsolation(start.identity.name, 'it is a classic plugin, which is handed live objects of the host', 'Write it with decorators, or let it run inline; if hooks are all it has, "threads" gives it processes.')
    return this.reader.start(candidate, { ...start, config })
  }
}
