import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { HotPlug, Watch, type PluginTrouble, type RunningPlugin } from '@app/hotplug'
import type { BootReport, Loader } from '@app/loader'
import type { PluginDefinition } from '@app/registry'
import type { Supervisor } from '@app/supervision'
import type { MortiseConfig } from './config-schema.js'
import type { HostLogger } from './logger.js'
import type { PluginSections } from './plugin-sections.js'
import type { Rooms } from './rooms.js'
import { refuseChanged } from './refuse-changed.js'
import { tryOut, type TrialSettings } from './try-out.js'

/** Where the host's own controllers seem to lie. */
export const HOST_PLACE = 'the host'

/** What plugs are made from. */
export interface HotPluggingParts {
  /** The host, as it is made. */
  readonly host: Omit<TrialSettings, 'secrets'> & Partial<TrialSettings> & { readonly logger: HostLogger; readonly isDevelopment?: boolean; readonly isDriven?: boolean }
  readonly rooms: Rooms
  readonly loader: Loader
  readonly sections: PluginSections
  /** Puts in place what a plugin brings beside code. */
  readonly prepare: (definition: PluginDefinition) => Promise<void>
  /** Plugins that the start had to do without. */
  readonly missing: () => BootReport['missing']
}

/** Plugins that come and go while the host runs: on demand, and with their files where they are watched. */
export class HotPlugging {
  readonly desk: HotPlug
  readonly #watch: Watch | undefined

  constructor({ host: { config, root, logger, secrets = {}, isDevelopment = config.server.development, isDriven = false }, rooms, loader, sections, prepare, missing }: HotPluggingParts) {
    const enabled = resolve(root, config.plugins.directory ?? 'plugins/enabled')
    const running = (): readonly RunningPlugin[] => loader.running.filter(({ definition }) => definition.place !== HOST_PLACE)
    this.desk = new HotPlug({
      root, loader, logger, prepare, running, isDevelopment,
      registry: rooms.registry,
      troubles: () => troublesOf(rooms.supervisor, missing()),
      folders: { available: resolve(root, 'plugins/available'), enabled },
      settleDoors: () => rooms.gateway.settleGuests(),
      drainTimeout: config.server.drainTimeout,
      isIsolated: (plugin, before) => isIsolated(sections.current[plugin], running().find(({ definition }) => definition.name === plugin), before),
      renewSections: (kept) => sections.renew(kept),
      tryOut: async (folder, place) => {
        await refuseChanged({ root, config, logger }, [folder])
        return isDriven ? undefined : tryOut({ root, config: { ...config, plugins: sections.current }, secrets }, folder, place)
      },
    })
    const isWatched = !isDriven && (config.plugins.watch ?? isDevelopment)
    if (isWatched && existsSync(enabled)) this.#watch = new Watch({ hotPlug: this.desk, enabled, running, logger })
  }

  /** Looks at the files that plugins are about to be loaded from, where they are watched. */
  async open(): Promise<void> {
    await this.#watch?.open()
  }

  /** Follows those files from now on. */
  follow(): void {
    this.#watch?.follow()
  }

  /** Follows no more, and lets changes end that are under way. */
  async close(): Promise<void> {
    await this.#watch?.close()
    await this.desk.close()
  }
}

/** Whether a plugin will run in a thread or process of its own. `threads` means that only of some plugins: those that run so already, or did so before. */
function isIsolated(section: MortiseConfig['plugins'][string] | undefined, running: RunningPlugin | undefined, before: boolean): boolean {
  const { isolation = 'inline', threads = 0 } = (section ?? {}) as { isolation?: string; threads?: unknown }
  return isolation !== 'inline' || (threads !== 0 && (running ? running.definition.details?.threads !== undefined : before))
}

/** What keeps plugins from working while the host does. */
function troublesOf({ quarantined }: Supervisor, missing: BootReport['missing']): Map<string, PluginTrouble> {
  const held = [...quarantined].map(([name, { reason }]): [string, PluginTrouble] => [name, { state: 'quarantined', reason }])
  const absent = missing.map(({ name, error }): [string, PluginTrouble] => [name, { state: 'missing', reason: error.message }])
  return new Map([...held, ...absent])
}
