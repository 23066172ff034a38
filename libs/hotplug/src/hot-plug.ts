import { PluginDesk, type PluginEntry } from '@app/api'
import { listRoster, type PluginFolders, type RunningPlugin } from './roster.js'

/** What is needed to look after plugins while the host runs. */
export interface HotPlugParts {
  readonly folders: PluginFolders
  /** The plugins that run, in load order, without the host's own. */
  readonly running: () => readonly RunningPlugin[]
}

/** Looks after plugins while the host runs. */
export class HotPlug extends PluginDesk {
  constructor(private readonly parts: HotPlugParts) {
    super()
  }

  list(): Promise<readonly PluginEntry[]> {
    return listRoster(this.parts.running(), this.parts.folders)
  }
}
