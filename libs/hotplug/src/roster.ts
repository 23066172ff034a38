import { readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { namesIn } from '@app/packages'
import type { PluginEntry } from '@app/api'
import type { PluginDefinition } from '@app/registry'

/** The folders that plugins are in; absolute paths. */
export interface PluginFolders {
  /** Each directory in it is a plugin that may be enabled. */
  readonly available: string
  /** Holds links to those that are. */
  readonly enabled: string
}

/** A plugin that runs, and the real folder that it was read from. */
export interface RunningPlugin {
  readonly definition: PluginDefinition
  readonly folder: string
}

/** Why a plugin that should work does not. */
export interface PluginTrouble {
  readonly state: 'quarantined' | 'missing'
  readonly reason: string
}

/** What runs, in load order, then what the next start would bring, then what may be enabled. */
export async function listRoster(running: readonly RunningPlugin[], { available, enabled }: PluginFolders, troubles: ReadonlyMap<string, PluginTrouble>): Promise<PluginEntry[]> {
  const known = new Set(running.map(({ folder }) => folder))
  const waiting = await unknownIn(enabled, 'enabled', known)
  const entries = [...running.map(entryOf), ...waiting, ...await unknownIn(available, 'available', known)]
  return entries.map((entry) => ({ ...entry, ...(entry.state !== 'available' && troubles.get(entry.name)) }))
}

const entryOf = ({ definition: { name, version, kind, details }, folder }: RunningPlugin): PluginEntry =>
  ({ name, state: 'running', version, folder, kind: kind as 'decorated' | 'classic', isolation: (details?.isolation as PluginEntry['isolation']) ?? 'inline' })

/** Those of a folder that are not known yet; from then on they are. */
async function unknownIn(folder: string, state: 'enabled' | 'available', known: Set<string>): Promise<PluginEntry[]> {
  const entries: PluginEntry[] = []
  for (const name of await namesIn(folder)) {
    const path = await realpath(join(folder, name)).catch(() => undefined)
    if (path === undefined || known.has(path)) continue
    known.add(path)
    entries.push({ name, state, version: await versionOf(path), folder: path })
  }
  return entries
}

const versionOf = (folder: string): Promise<string> =>
  // What is wrong with the file is told when the plugin is enabled.
  readFile(join(folder, 'package.json'), 'utf8').then((text) => String((JSON.parse(text) as { version?: string }).version ?? ''), () => '').catch(() => '')
