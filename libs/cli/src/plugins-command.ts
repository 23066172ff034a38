import { Command } from 'commander'
import { disablePlugin } from './disable-plugin.js'
import { enablePlugin } from './enable-plugin.js'
import type { HostLine } from './host/host-line.js'
import { pluginsByFolder, pluginsOf } from './host/plugins-of-host.js'
import { listPlugins, listRemote, renderList } from './list-plugins.js'
import type { PluginFolders } from './plugin-folders.js'
import { purgePlugin, type OpenStore } from './purge-plugin.js'
import { switchPlugin } from './switch-plugin.js'

/** What the commands work with: folders for what is enabled, and the store for what plugins leave behind. */
export interface PluginsCommandParts extends PluginFolders {
  readonly openStore: OpenStore
  /** The way to the host that runs, if one does. */
  readonly host: () => HostLine
}

/**
 * `mortise plugins list | enable <name> | disable <name> | reload <name> | resume <name> | purge <name>`.
 *
 * What a command refuses rejects its `parseAsync` with a {@link Refusal}.
 */
export function pluginsCommand(folders: PluginsCommandParts): Command {
  const { print, openStore } = folders
  const plugins = new Command('plugins').description('show, enable and disable plugins, and remove what they stored')
  plugins.command('list')
    .description('show every plugin that is enabled or may be')
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const host = folders.host()
      const list = host.isRemote ? (await pluginsOf(host)).map(listRemote) : await listPlugins(folders, await pluginsByFolder(host))
      print(json ? JSON.stringify(list, null, 2) : renderList(list))
    })
  plugins.command('enable <name>')
    .description('link a plugin into the enabled folder, if it can be loaded; a host that runs takes it in at once')
    .action(async (name: string) => print(await switchPlugin(folders.host(), 'enable', name, () => enablePlugin(folders, name))))
  plugins.command('disable <name>')
    .description('take a plugin\'s link out of the enabled folder; a host that runs stops it')
    .action(async (name: string) => print(await switchPlugin(folders.host(), 'disable', name, () => disablePlugin(folders, name))))
  plugins.command('reload <name>')
    .description('have the host that runs put a plugin as it lies on disk in the place of the one that runs')
    .action(async (name: string) => print(await switchPlugin(folders.host(), 'reload', name)))
  plugins.command('resume <name>')
    .description('let a plugin out of quarantine, in the host that runs')
    .action(async (name: string) => {
      const { reason } = await folders.host().call<{ reason: string }>({ controller: 'plugins', action: 'resume', name })
      print(`"${name}" is out of quarantine. It was there because ${reason}.`)
    })
  plugins.command('purge <name>')
    .description('remove what a plugin has stored for itself; the host is to be stopped')
    .option('--yes', 'remove it; without, only tell what there is')
    .action(async (name: string, { yes = false }: { yes?: boolean }) => print(await purgePlugin(openStore, name, yes)))
  return plugins
}
