import type { PluginCandidate } from '@app/packages'
import type { PluginReader, PluginStart } from '@app/pipeline'
import type { ClassicHost } from './classic-host.js'
import { findPlugin } from './identity/find-plugin.js'
import { identify, type ClassicIdentity } from './identity/identify.js'
import { startPlugin, type StartedClassicPlugin } from './start-plugin.js'

/**
 * Reads plugins written for the classic host, of both its generations, as
 * definitions of ours. To be asked after the reader of decorated plugins, for
 * it takes any class.
 */
export class ClassicReader implements PluginReader {
  constructor(private readonly host: ClassicHost) {}

  /** Also a candidate that has a manifest and exports no plugin: {@link identify} says what is wrong with it. */
  accepts({ exported, manifest }: PluginCandidate): boolean {
    return manifest !== undefined || findPlugin(exported) !== undefined
  }

  identify(candidate: PluginCandidate): ClassicIdentity {
    return identify(candidate)
  }

  start({ place, folder, packageJson, ...rest }: PluginCandidate, start: PluginStart): Promise<StartedClassicPlugin> {
    return startPlugin({ place, folder, packageJson, identity: identify({ place, folder, packageJson, ...rest }) }, start, this.host)
  }
}
