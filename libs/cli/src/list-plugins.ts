import { join } from 'node:path'
import { readMarks } from '@mortise/sdk'
import { readPackage } from '@app/loader'
import { renderColumns } from './render-columns.js'
import { namesIn, packageOf, stateOf, type PluginFolders } from './plugin-folders.js'

/** A plugin as `mortise plugins list` shows it. */
export interface ListedPlugin {
  readonly name: string
  /** `dangling`: a link in the enabled folder that leads nowhere. */
  readonly state: 'enabled' | 'available' | 'dangling'
  readonly version: string
  /** `unreadable` when its package cannot be imported. */
  readonly shape: 'decorated' | 'classic' | 'unreadable'
  readonly description: string
}

/** Every plugin that is enabled or may be, by name. */
export async function listPlugins({ available, enabled }: Pick<PluginFolders, 'available' | 'enabled'>): Promise<ListedPlugin[]> {
  const names = [...new Set([...await namesIn(available), ...await namesIn(enabled)])].sort()
  const plugins: ListedPlugin[] = []
  for (const name of names) plugins.push(await listed(name, { available, enabled }))
  return plugins
}

async function listed(name: string, { available, enabled }: Pick<PluginFolders, 'available' | 'enabled'>): Promise<ListedPlugin> {
  const entry = await stateOf(join(enabled, name))
  const state = entry === 'absent' ? 'available' : entry === 'dangling' ? 'dangling' : 'enabled'
  const folder = join(state === 'enabled' ? enabled : available, name)
  return { name, state, shape: await shapeOf(folder, name), ...await packageOf(folder) }
}

const shapeOf = (folder: string, name: string): Promise<ListedPlugin['shape']> =>
  readPackage(folder, name).then(({ exported }) => (readMarks(exported)?.plugin ? 'decorated' : 'classic'), () => 'unreadable')

/** The list as lines of columns. */
export function renderList(plugins: readonly ListedPlugin[]): string {
  if (plugins.length === 0) return 'There are no plugins.'
  return renderColumns(plugins.map(({ name, state, version, shape, description }) => [name, state, version || '-', shape, description]))
}
