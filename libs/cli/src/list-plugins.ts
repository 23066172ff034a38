import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { readMarks } from '@mortise/sdk'
import type { PluginEntry } from '@app/api'
import { namesIn, readPackage, stateOf } from '@app/packages'
import { packageOf, type PluginFolders } from './plugin-folders.js'
import { renderColumns } from './render-columns.js'

/** A plugin as `mortise plugins list` shows it. */
export interface ListedPlugin {
  readonly name: string
  /** As the host that runs says, if one does. `dangling`: a link in the enabled folder that leads nowhere. */
  readonly state: PluginEntry['state'] | 'dangling'
  readonly version: string
  /** `unreadable` when its package cannot be imported, `unread` when nobody tried. */
  readonly shape: 'decorated' | 'classic' | 'unreadable' | 'unread'
  readonly description: string
  /** Why it is in quarantine, or missing. */
  readonly reason?: string
}

type Folders = Pick<PluginFolders, 'available' | 'enabled'>

/** Every plugin that is enabled or may be, by name; `known` holds what a host says, by real folders. */
export async function listPlugins({ available, enabled }: Folders, known: ReadonlyMap<string, PluginEntry> = new Map()): Promise<ListedPlugin[]> {
  const names = [...new Set([...await namesIn(available), ...await namesIn(enabled)])].sort()
  const plugins: ListedPlugin[] = []
  for (const name of names) plugins.push(await listed(name, { available, enabled }, known))
  return plugins
}

async function listed(name: string, { available, enabled }: Folders, known: ReadonlyMap<string, PluginEntry>): Promise<ListedPlugin> {
  const entry = await stateOf(join(enabled, name))
  const placed = entry === 'absent' ? 'available' : entry === 'dangling' ? 'dangling' : 'enabled'
  const folder = join(placed === 'enabled' ? enabled : available, name)
  const { state = placed, reason } = known.get(await realpath(folder).catch(() => folder)) ?? {}
  return { name, state, shape: await shapeOf(folder, name), ...await packageOf(folder), ...(reason && { reason }) }
}

const shapeOf = (folder: string, name: string): Promise<ListedPlugin['shape']> =>
  readPackage(folder, name).then(({ exported }) => (readMarks(exported)?.plugin ? 'decorated' : 'classic'), () => 'unreadable')

/** What a host elsewhere says of a plugin, in the same columns. */
export const listRemote = ({ name, state, version, kind, reason }: PluginEntry): ListedPlugin =>
  ({ name, state, version, shape: kind ?? 'unread', description: '', ...(reason && { reason }) })

/** The list as lines of columns. */
export function renderList(plugins: readonly ListedPlugin[]): string {
  if (plugins.length === 0) return 'There are no plugins.'
  return renderColumns(plugins.map(({ name, state, version, shape, description, reason }) => [name, state, version || '-', shape, reason?.split('\n')[0] ?? description]))
}
