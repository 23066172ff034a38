import type { PluginEntry } from '@app/api'
import type { HostLine } from './host-line.js'
import { NoHost } from './no-host.js'

/** The plugins that a running host knows of. @throws {@link NoHost} when none answers */
export const pluginsOf = async (host: HostLine): Promise<readonly PluginEntry[]> =>
  (await host.call<{ hits: readonly PluginEntry[] }>({ controller: 'plugins', action: 'list' })).hits

/** What the host knows of plugins that run or should, by their real folders; nothing when no host runs. */
export async function pluginsByFolder(host: HostLine): Promise<ReadonlyMap<string, PluginEntry>> {
  const found = await pluginsOf(host).catch((error: unknown) => {
    if (error instanceof NoHost) return []
    throw error
  })
  return new Map(found.filter(({ state }) => state !== 'available' && state !== 'enabled').map((entry) => [entry.folder, entry]))
}
