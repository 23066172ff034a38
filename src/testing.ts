import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Api, DocumentApi, Plugin, readMarks, Request, type Class, type EventName, type Notification, type Payload, type Provider, type RequestData } from '@mortise/sdk'
import { isolations, type Isolation, type LogEntry, type Mailbox, type TestClient, type TestHost, type TestHostOptions, type Transport } from '@mortise/sdk/testing'
import { readPackage } from '@app/packages'
import { HostApi } from '@app/pipeline'
import { systemClock } from '@app/supervision'
import { FaultTable, ManualClock, MovedClock, readMoment, Settler, TestDoors, TestMailbox, testingErrors, WatchedReader } from '@app/testing'
import { checkConfig } from './config.js'
import type { MortiseConfig } from './config-schema.js'
import { MortiseHost } from './host.js'
import { openLog } from './logger.js'
import { PluginRealtime } from './plugin-realtime.js'
import { BUILT_IN } from './rooms.js'

/**
 * Starts a host for a test: in this process, without a port of its own until
 * {@link TestHost.open} is called, on a store in a temporary folder. Plugins
 * reach it by `createTestHost` of `@mortise/sdk/testing`.
 *
 * @throws BootError with everything that is wrong with the plugins.
 * @throws `plugin.testing.invalid_option`
 */
export async function startTestHost(options: TestHostOptions): Promise<TestHost> {
  const manual = options.clock === undefined ? undefined : new ManualClock(readMoment(options.clock))
  const isolationOf = readIsolation(options.isolation)
  const faults = new FaultTable(manual ?? systemClock)
  const folder = await mkdtemp(join(tmpdir(), 'mortise-test-'))
  const logs: LogEntry[] = []
  const { plugins, overrides = [] } = options
  try {
    const host = new MortiseHost({
      root: folder,
      config: configOf(options),
      secrets: options.secrets,
      plugins: await Promise.all(plugins.map((plugin) => (typeof plugin === 'string' ? readPackage(plugin, plugin) : { exported: overrideProviders(plugin, overrides), place: 'the test' }))),
      logger: openLog('silly', { write: (line) => logs.push(readEntry(line)) }),
      instruments: { clock: manual, childEntry: CHILD, aroundListener: faults.around, aroundReader: (reader) => new WatchedReader(reader, { faults, isolationOf }) },
    })
    await host.start()
    host.startBackground()
    return new RunningTestHost({ host, folder, logs, faults, manual })
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

/** What `openMailbox` of `@mortise/sdk/testing` opens. */
export function openMailbox(): Promise<Mailbox> {
  return TestMailbox.open()
}

/** What threads and processes of plugins begin with: compiled, also where the host is not. */
const CHILD = [new URL('./plugin-child.js', import.meta.url), new URL('../dist/app/plugin-child.js', import.meta.url)].find((entry) => existsSync(entry))

/** Threads and processes take long to come up on a machine that runs many tests at once. */
const INIT_TIMEOUT = 60_000

function configOf({ pipeTimeout, config = {}, store }: TestHostOptions): MortiseConfig {
  const common = { initTimeout: INIT_TIMEOUT, ...(pipeTimeout === undefined ? {} : { pipeTimeout }) }
  return checkConfig({ storage: { path: 'test.sqlite', ...(store === undefined ? {} : { url: store }) }, plugins: { ...config, common } })
}

/** Where each plugin is to run, where the test says. */
function readIsolation(given: TestHostOptions['isolation']): (plugin: string) => Isolation | undefined {
  for (const isolation of typeof given === 'object' ? Object.values(given) : [given ?? 'inline']) {
    if (!isolations.includes(isolation)) throw testingErrors.invalid_option('isolation', String(isolation), isolations.map((one) => `"${one}"`).join(', '))
  }
  if (typeof given !== 'string') return (plugin) => given?.[plugin]
  return (plugin) => (plugin === BUILT_IN ? undefined : given)
}

/** What a running test host consists of. */
interface TestHostParts {
  readonly host: MortiseHost
  readonly folder: string
  readonly logs: readonly LogEntry[]
  readonly faults: FaultTable
  /** Absent where the clock is the machine's. */
  readonly manual: ManualClock | undefined
}

class RunningTestHost implements TestHost {
  readonly document: DocumentApi
  readonly logs: readonly LogEntry[]
  readonly faults: FaultTable
  readonly clock: MovedClock
  readonly #settler: Settler
  readonly #ear: PluginRealtime
  readonly #doors: TestDoors

  constructor(private readonly parts: TestHostParts) {
    const { host, logs, faults, manual } = parts
    const { realtime: hub, pipeline, loadUser, deliverer, scheduler, registry, gateway } = host.rooms
    this.#doors = new TestDoors(gateway)
    this.logs = logs
    this.faults = faults
    this.#settler = new Settler({
      work: () => [...deliverer.work, ...scheduler.work], drained: () => registry.traffic.drained(), held: () => faults.held,
    })
    this.clock = new MovedClock(manual, this.#settler)
    this.document = new DocumentApi((data) => this.call(data))
    this.#ear = new PluginRealtime({ plugin: 'the test', hub, api: new HostApi(pipeline, loadUser), logger: openLog('silent').for('the test') })
  }

  async call<T = unknown>(data: RequestData): Promise<T> {
    const { error, result } = await this.send(data)
    if (error) throw error
    return result as T
  }

  send(data: RequestData): Promise<Request> {
    return this.parts.host.rooms.pipeline.run(new Request(data, { connection: { protocol: 'test' } }))
  }

  as(user: { _id: string }): Api {
    const { pipeline, loadUser } = this.parts.host.rooms
    const api = new HostApi(pipeline, loadUser).as(user, { checkRights: true })
    return new HeardApi(api)
  }

  async listen(index: string, collection: string, filters: Record<string, unknown> = {}): Promise<readonly Notification[]> {
    const heard: Notification[] = []
    await this.#ear.subscribe({ index, collection, filters }, (notification) => void heard.push(notification))
    return heard
  }

  async createUser(id: string, rights?: Readonly<Record<string, Readonly<Record<string, boolean>>>>): Promise<{ _id: string }> {
    const controllers = Object.fromEntries(Object.entries(rights ?? { '*': { '*': true } }).map(([name, actions]) => [name, { actions }]))
    await this.call({ controller: 'security', action: 'createRole', _id: id, body: { controllers } })
    await this.call({ controller: 'security', action: 'createProfile', _id: id, body: { policies: [{ roleId: id }] } })
    return this.call({ controller: 'security', action: 'createUser', _id: id, body: { content: { profileIds: [id] } } })
  }

  async connect(transport: Transport, user?: { _id: string }): Promise<TestClient> {
    return this.#doors.connect(transport, user && await this.tokenOf(user))
  }

  async tokenOf({ _id }: { _id: string }): Promise<string> {
    const { loadUser, security } = this.parts.host.rooms
    await loadUser(_id)
    return (await security.services.tokens.issue(_id)).jwt
  }

  fetch(path: string, init?: { method?: string; headers?: Record<string, string>; body?: string }): Promise<Response> {
    return this.#doors.fetch(path, init)
  }

  open(): Promise<{ host: string; port: number }> {
    return this.#doors.listen()
  }

  emit<E extends EventName>(event: E, ...payload: Payload<E>): Promise<Payload<E>[0]> {
    return this.parts.host.rooms.bus.emit(event, ...payload) as Promise<Payload<E>[0]>
  }

  async createCollection(index: string, collection: string, mappings?: Record<string, unknown>): Promise<void> {
    await this.parts.host.rooms.store.createCollection({ index, collection }, { mappings })
  }

  async close(): Promise<void> {
    await this.#doors.close()
    this.#ear.close()
    this.faults.clear()
    await this.#stop()
    await rm(this.parts.folder, { recursive: true, force: true })
  }

  settle(): Promise<void> {
    this.#settler.forget()
    return this.#settler.settle()
  }

  /** What hangs is given up by the clock, which stands still by itself. */
  async #stop(): Promise<void> {
    const { host, manual } = this.parts
    const flow = setInterval(() => manual?.advance(FLOW), FLOW_EVERY)
    await host.close().finally(() => clearInterval(flow))
  }
}

/** Milliseconds that pass in so many of the machine's while a host with a clock of its own is stopped. */
const FLOW = 1_000
const FLOW_EVERY = 10

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
