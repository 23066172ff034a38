import { mkdtempSync, readFileSync, rmSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Request, type RequestData, type User } from '@mortise/sdk'
import { ClassicReader, type ClassicHost } from '@app/classic'
import type { PluginCandidate } from '@app/packages'
import type { GuestServices } from '@app/pipeline'
import { openDocumentStore } from '@app/storage'
import { createCorridor } from './create-corridor.js'
import { definePlugin } from './define-plugin.js'
import { RecordingLogger } from './recording-logger.js'

const FIXTURES = fileURLToPath(new URL('../fixtures/plugins', import.meta.url))

const readJson = (file: string): unknown => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined)

/** A fixture's package, found and imported. */
export async function importFixture(fixture: string): Promise<PluginCandidate> {
  const folder = join(FIXTURES, fixture)
  const { default: exported } = await import(pathToFileURL(join(folder, 'index.js')).href) as { default: unknown }
  const packageJson = readJson(join(folder, 'package.json')) as Record<string, unknown>
  return { place: `plugins/enabled/${fixture}`, folder, packageJson, manifest: readJson(join(folder, 'manifest.json')), exported }
}

/** A candidate that exports the given thing, from a folder that does not exist. */
export const candidateOf = (exported: unknown, given: Partial<PluginCandidate> = {}): PluginCandidate =>
  ({ place: 'plugins/enabled/shop', folder: '/shop', packageJson: { name: 'shop', version: '2.0.0' }, exported, ...given })

/** The host's own actions that fixtures call: what time it is, and who asks. */
const builtIn = definePlugin({
  name: 'built-in',
  kind: 'built-in',
  controllers: [{
    name: 'server',
    actions: [
      { name: 'now', handler: () => ({ now: 1 }), routes: [] },
      { name: 'info', handler: ({ context, input }) => ({ user: context.user?._id ?? null, protocol: context.connection.protocol, args: input.args }), routes: [] },
    ],
  }],
})

/** A corridor and an embedded store, into which classic plugins are started and registered. */
export async function createClassicHost(given: Partial<ClassicHost> = {}) {
  const corridor = createCorridor({ plugins: [builtIn] })
  const folder = mkdtempSync(join(tmpdir(), 'mortise-classic-'))
  const store = openDocumentStore({ path: join(folder, 'store.db') })
  await store.start()
  const loadUser = (_id: string): Promise<User> => Promise.resolve({ _id, profileIds: ['default'] })
  const host: ClassicHost = {
    store, nodeId: 'node-1', config: { http: { port: 7512 } }, secretsOf: () => ({ key: 'k1' }), loadUser, ...given,
  }
  const reader = new ClassicReader(host)
  const logger = new RecordingLogger()
  const start = async (candidate: PluginCandidate, config: Record<string, unknown> = {}, limit = 0) => {
    const identity = reader.identify(candidate)
    const events = { trigger: (name: string, payload: unknown) => corridor.bus.emit(`plugin-${identity.name}:${name}`, payload) }
    const services = { logger, events, pipeline: corridor.pipeline } as unknown as GuestServices
    const started = await reader.start(candidate, { identity, config, common: {}, limit, services })
    const remove = corridor.registry.register(started.definition)
    return { ...started, remove }
  }
  const run = (data: RequestData): Promise<Request> => corridor.pipeline.run(new Request(data))
  const close = async (): Promise<void> => {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { ...corridor, host, store, reader, pluginLogger: logger, start, run, close }
}
