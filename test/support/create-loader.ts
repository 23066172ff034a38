import { mkdtempSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { HostApi, type GuestServices, type PluginReader } from '@app/pipeline'
import { DecoratedReader, Loader, type PluginsSection } from '@app/loader'
import { createCorridor } from './create-corridor.js'
import { definePlugin } from './define-plugin.js'
import { RecordingLogger } from './recording-logger.js'

const FIXTURES = fileURLToPath(new URL('../fixtures/plugins', import.meta.url))

/** The host version that loaders of tests state. */
export const HOST_VERSION = '0.1.0'

/** Stands for the host's own controllers, whose events fixtures listen to. */
const builtIn = definePlugin({
  name: 'built-in',
  kind: 'built-in',
  controllers: [{ name: 'server', actions: [{ name: 'now', handler: () => ({ now: Date.now() }), routes: [] }] }],
})

/** A loader over a corridor of its own, and a folder in which fixtures are enabled by links. */
export function createLoader({ fixtures = [], config = {}, readers = [] }: {
  fixtures?: readonly string[]
  config?: Record<string, unknown>
  readers?: readonly PluginReader[]
} = {}) {
  const corridor = createCorridor({ plugins: [builtIn] })
  const root = mkdtempSync(join(tmpdir(), 'mortise-loader-'))
  const enabled = join(root, 'plugins/enabled')
  mkdirSync(enabled, { recursive: true })
  for (const fixture of fixtures) symlinkSync(resolve(FIXTURES, fixture), join(enabled, fixture))
  const loggers = new Map<string, RecordingLogger>()
  const servicesFor = (plugin: string): GuestServices => {
    const logger = new RecordingLogger()
    loggers.set(plugin, logger)
    const { pipeline } = corridor
    const nothing = {} as GuestServices
    return { ...nothing, logger, pipeline, api: new HostApi(pipeline, () => Promise.reject(new Error('there are no users here'))) }
  }
  const section = { directory: 'plugins/enabled', ...config } as PluginsSection
  const loader = new Loader({ registry: corridor.registry, readers: [new DecoratedReader(HOST_VERSION), ...readers], servicesFor, config: section, root })
  const remove = (): void => rmSync(root, { recursive: true, force: true })
  return { ...corridor, loader, loggers, servicesFor, section, root, enabled, remove }
}
