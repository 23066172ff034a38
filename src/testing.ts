import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Api, DocumentApi, Plugin, readMarks, Request, type Class, type EventName, type Notification, type Payload, type Provider, type RequestData } from '@mortise/sdk'
import type { LogEntry, TestHost, TestHostOptions } from '@mortise/sdk/testing'
import { readPackage } from '@app/packages'
import { HostApi } from '@app/pipeline'
import { checkConfig } from './config.js'
import { MortiseHost } from './host.js'
import { openLog } from './logger.js'
import { PluginRealtime } from './plugin-realtime.js'

/**
 * Starts a host for a test: in this process, without a port of its own until
 * {@link TestHost.fetch} is called, on a store in a temporary folder. Plugins
 * reach it by `createTestHost` of `@mortise/sdk/testing`.
 *
 * @throws BootError with everything that is wrong with the plugins.
 */
export async function startTestHost(options: TestHostOptions): Promise<TestHost> {
  const folder = await mkdtemp(join(tmpdir(), 'mortise-test-'))
  const logs: LogEntry[] = []
  const { pipeTimeout, config = {}, secrets, plugins, store, overrides = [] } = options
  const host = new MortiseHost({
    root: folder,
    config: checkConfig({ storage: { path: 'test.sqlite', ...(store === undefined ? {} : { url: store }) }, plugins: { ...config, common: { ...(pipeTimeout === undefined ? {} : { pipeTimeout }) } } }),
    secrets,
    plugins: await Promise.all(plugins.map((plugin) => (typeof plugin === 'string' ? readPackage(plugin, plugin) : { exported: overrideProviders(plugin, overrides), place: 'the test' }))),
    logger: openLog('silly', (line) => logs.push(readEntry(line))),
  })
  try {
    await host.start()
    host.startBackground()
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
  return new RunningTestHost(host, folder, logs)
}

class RunningTestHost implements TestHost {
  readonly document: DocumentApi
  readonly #ear: PluginRealtime
  #server: Promise<Server> | undefined

  constructor(private readonly host: MortiseHost, private readonly folder: string, readonly logs: readonly LogEntry[]) {
    this.document = new DocumentApi((data) => this.call(data))
    const { realtime: hub, pipeline, loadUser } = host.rooms
    this.#ear = new PluginRealtime({ plugin: 'the test', hub, api: new HostApi(pipeline, loadUser), logger: openLog('silent').for('the test') })
  }

  async call<T = unknown>(data: RequestData): Promise<T> {
    const { error, result } = await this.send(data)
    if (error) throw error
    return result as T
  }

  send(data: RequestData): Promise<Request> {
    return this.host.rooms.pipeline.run(new Request(data, { connection: { protocol: 'test' } }))
  }

  as(user: { _id: string }): Api {
    const { pipeline, loadUser } = this.host.rooms
    const api = new HostApi(pipeline, loadUser).as(user, { checkRights: true })
    return new HeardApi(api)
  }

  async listen(index: string, collection: string, filters: Record<string, unknown> = {}): Promise<readonly Notification[]> {
    const heard: Notification[] = []
    await this.#ear.subscribe({ index, collection, filters }, (notification) => void heard.push(notification))
    return heard
  }

  async fetch(path: string, init?: { method?: string; headers?: Record<string, string>; body?: string }): Promise<Response> {
    const server = await (this.#server ??= this.#listen())
    return fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, init)
  }

  emit<E extends EventName>(event: E, ...payload: Payload<E>): Promise<Payload<E>[0]> {
    return this.host.rooms.bus.emit(event, ...payload) as Promise<Payload<E>[0]>
  }

  async createCollection(index: string, collection: string, mappings?: Record<string, unknown>): Promise<void> {
    await this.host.rooms.store.createCollection({ index, collection }, { mappings })
  }

  async close(): Promise<void> {
    const server = await this.#server
    server?.closeAllConnections()
    server?.close()
    this.#ear.close()
    await this.host.close()
    await rm(this.folder, { recursive: true, force: true })
  }

  /** A door is opened only for tests that knock. */
  async #listen(): Promise<Server> {
    const door = await this.host.rooms.gateway.openHttp()
    const server = createServer((message, reply) => void door.handle(message, reply))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return server
  }
}

const LEVELS: Record<number, LogEntry['level']> = { 50: 'error', 40: 'warn', 30: 'info', 20: 'debug', 15: 'verbose', 10: 'silly' }

function readEntry(line: string): LogEntry {
  const { level, plugin, msg, time: _time, ...rest } = JSON.parse(line) as { level: number; plugin?: string; msg?: string; time: string }
  return { level: LEVELS[level] ?? 'info', ...(plugin ? { plugin } : {}), message: msg ?? rest }
}

/** Calls that pipes and hooks hear, as they hear a client's. */
class HeardApi extends Api {
  constructor(private readonly api: Api) {
    super()
  }

  call<T = unknown>(data: RequestData): Promise<T> {
    return this.api.call<T>(data, { events: true })
  }

  as(user: { _id: string }): Api {
    return new HeardApi(this.api.as(user, { checkRights: true }))
  }
}

/** The plugin's class with other providers; a class of its own, so that nothing of this is left on the plugin's. */
function overrideProviders(exported: unknown, overrides: readonly Provider[]): unknown {
  const { plugin: options, protocol } = readMarks(exported) ?? {}
  if (!options || overrides.length === 0) return exported
  const instead = new Map(overrides.map((provider) => [tokenOf(provider), provider]))
  const Overridden = { [(exported as Class).name]: class extends (exported as Class) {} }[(exported as Class).name] as Class
  Plugin({ ...options, providers: (options.providers ?? []).map((provider) => instead.get(tokenOf(provider)) ?? provider) })(Overridden)
  Object.assign(readMarks(Overridden) ?? {}, { protocol })
  return Overridden
}

const tokenOf = (provider: Provider): unknown => ('provide' in provider ? provider.provide : provider)
