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
  /** `running`: the host that runs has loaded it. `dangling`: a link in the enabled folder that leads nowhere. */
  readonly state: 'running' | 'enabled' | 'available' | 'dangling'
  readonly version: string
  /** `unreadable` when its package cannot be imported, `unread` when nobody tried. */
  readonly shape: 'decorated' | 'classic' | 'unreadable' | 'unread'
  readonly description: string
}

type Folders = Pick<PluginFolders, 'available' | 'enabled'>

/** Every plugin that is enabled or may be, by name; `running` holds the real folders of those that a host has loaded. */
export async function listPlugins({ available, enabled }: Folders, running: ReadonlySet<string> = new Set()): Promise<ListedPlugin[]> {
  const names = [...new Set([...await namesIn(available), ...await namesIn(enabled)])].sort()
  const plugins: ListedPlugin[] = []
  for (const name of names) plugins.push(await listed(name, { available, enabled }, running))
  return plugins
}

async function listed(name: string, { available, enabled }: Folders, running: ReadonlySet<string>): Promise<ListedPlugin> {
  const entry = await stateOf(join(enabled, name))
  const placed = entry === 'absent' ? 'available' : entry === 'dangling' ? 'dangling' : 'enabled'
  const folder = join(placed === 'enabled' ? enabled : available, name)
  const state = running.has(await realpath(folder).catch(() => folder)) ? 'running' : placed
  return { name, state, shape: await shapeOf(folder, name), ...await packageOf(folder) }
}

const shapeOf = (folder: string, name: string): Promise<ListedPlugin['shape']> =>
  readPackage(folder, name).then(({ exported }) => (readMarks(exported)?.plugin ? 'decorated' : 'classic'), () => 'unreadable')

/** What a host elsewhere says of a plugin, in the same columns. */
export const listRemote = ({ name, state, version, kind }: PluginEntry): ListedPlugin => ({ name, state, version, shape: kind ?? 'unread', description: '' })

/** The list as lines of columns. */
export function renderList(plugins: readonly ListedPlugin[]): string {
  if (plugins.length === 0) return 'There are no plugins.'
  return renderColumns(plugins.map(({ name, state, version, shape, description }) => [name, state, version || '-', shape, description]))
}
