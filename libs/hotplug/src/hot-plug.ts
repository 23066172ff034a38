import { PluginDesk, type PluginEntry } from '@app/api'
import { listRoster, type PluginFolders, type PluginTrouble, type RunningPlugin } from './roster.js'

/** What is needed to look after plugins while the host runs. */
export interface HotPlugParts {
  readonly folders: PluginFolders
  /** The plugins that run, in load order, without the host's own. */
  readonly running: () => readonly RunningPlugin[]
  /** What keeps plugins from working, by name. */
  readonly troubles: () => ReadonlyMap<string, PluginTrouble>
}

/** Looks after plugins while the host runs. */
export class HotPlug extends PluginDesk {
  constructor(private readonly parts: HotPlugParts) {
    super()
  }

  list(): Promise<readonly PluginEntry[]> {
    return listRoster(this.parts.running(), this.parts.folders, this.parts.troubles())
  }
}
