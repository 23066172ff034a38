import type { PluginCandidate } from '@app/packages'
import type { PluginIdentity, PluginReader, PluginStart, StartedPlugin } from './plugin-reader.js'

/** A reader that adds something to how another one starts plugins: which it accepts, and who they are, the other says. */
export abstract class ReaderAround implements PluginReader {
  /** @param reader - the reader that it adds to */
  constructor(protected readonly reader: PluginReader) {}

  accepts(candidate: PluginCandidate): boolean {
    return this.reader.accepts(candidate)
  }

  identify(candidate: PluginCandidate): PluginIdentity {
    return this.reader.identify(candidate)
  }

  abstract start(candidate: PluginCandidate, start: PluginStart): Promise<StartedPlugin>
}
