import type { PluginEntry } from '@app/api'
import type { HostLine } from './host-line.js'
import { NoHost } from './no-host.js'

/** The plugins that a running host knows of. @throws {@link NoHost} when none answers */
export const pluginsOf = async (host: HostLine): Promise<readonly PluginEntry[]> =>
  (await host.call<{ hits: readonly PluginEntry[] }>({ controller: 'plugins', action: 'list' })).hits

/** The real folders of the plugins that the host has loaded; none when no host runs. */
export async function foldersThatRun(host: HostLine): Promise<ReadonlySet<string>> {
  const found = await pluginsOf(host).catch((error: unknown) => {
    if (error instanceof NoHost) return []
    throw error
  })
  return new Set(found.filter(({ state }) => state === 'running').map(({ folder }) => folder))
}
