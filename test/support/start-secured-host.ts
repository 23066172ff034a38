import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Plugin, Request, type Class, type RequestData, type User } from '@mortise/sdk'
import { fastify } from 'fastify'
import { createBuiltIns, createSecurityBuiltIns } from '@app/api'
import { defaultServerConfig, fastifyOptions, Gateway } from '@app/gateway'
import { DecoratedReader } from '@app/loader'
import { createPipeline, HostApi, type GuestServices } from '@app/pipeline'
import { EventBus, Registry, type PluginDefinition } from '@app/registry'
import { Slots, Supervisor } from '@app/supervision'
import { createSecurity, PluginStrategies, type SecurityOptions } from '@app/security'
import { openDocumentStore, PrivateStore } from '@app/storage'
import AuthLocal from '../../plugins/available/auth-local/src/index.js'
import { RecordingLogger } from './recording-logger.js'
import { QuietHost } from './start-built-ins.js'

/** What of a secured host differs from its defaults. */
export interface SecuredHostOptions {
  security?: SecurityOptions
  /** Configuration of auth-local. */
  local?: Record<string, unknown>
  plugins?: readonly PluginDefinition[]
  /** Further decorated plugins. */
  decorated?: readonly Class[]
}

/** Everything behind the doors: built-in controllers, security and auth-local over an embedded store. */
export async function startSecuredHost({ security: options = {}, local = {}, plugins = [], decorated = [] }: SecuredHostOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-secured-'))
  const store = openDocumentStore({ path: join(folder, 'store.sqlite') })
  await store.start()
  const logger = new RecordingLogger()
  const registry = new Registry()
  const bus = new EventBus(registry, { pipeTimeout: 5000, maxConcurrentPipes: 50, pipesBufferSize: 50_000 }, logger)
  const supervisor = new Supervisor({ logger })
  const admission = { slots: new Slots(100, 50_000), isClosing: () => false, isOriginAllowed: () => true }
  const security = createSecurity({ store, registry, bus, logger, supervisor, options: { loginsPerSecond: 0, ...options } })
  await security.start()
  const pipeline = createPipeline({ registry, bus, gate: security, admission })
  const loadUser = (id: string): Promise<User> => security.services.users.load(id)
  const servicesFor = (name: string): GuestServices => ({
    logger, bus, pipeline, api: new HostApi(pipeline, loadUser), store: new PrivateStore(store, name),
    strategies: new PluginStrategies(security.services.strategies, name),
  } as unknown as GuestServices)

  const reader = new DecoratedReader('0.1.0')
  const started: { close(): Promise<void> }[] = []
  const load = async (plugin: Class, config: Record<string, unknown> = {}): Promise<() => Promise<void>> => {
    const candidate = { place: 'test', folder, packageJson: { version: '0.1.0' }, exported: plugin }
    const identity = reader.identify(candidate)
    const running = await reader.start(candidate, { identity, config, common: {}, limit: 0, services: servicesFor(identity.name) })
    started.push(running)
    const remove = registry.register(running.definition)
    return async () => {
      remove()
      await running.close()
    }
  }

  class BuiltIn {}
  const [data, people] = [createBuiltIns({ store, registry, bus, host: new QuietHost() }), createSecurityBuiltIns(security)]
  Plugin({ name: 'built-in', controllers: [...data.controllers, ...people.controllers], providers: [...data.providers, ...people.providers] })(BuiltIn)
  await load(BuiltIn)
  await load(AuthLocal, local)
  for (const plugin of plugins) registry.register(plugin)
  for (const plugin of decorated) await load(plugin)

  /** Sends a request as an HTTP client does. */
  const send = (frame: RequestData, headers: Record<string, string> = {}, details: object = {}): Promise<Request> =>
    pipeline.run(new Request(frame, {
      connection: { id: `http-${Math.random()}`, protocol: 'http', ips: ['127.0.0.1'], headers: { host: 'localhost:7512', ...headers }, verb: 'POST', ...details },
    }))
  /** The same, for its result. @throws the error it is answered with */
  const call = async <T = Record<string, unknown>>(frame: RequestData, headers: Record<string, string> = {}): Promise<T> => {
    const { error, result } = await send(frame, headers)
    if (error) throw error
    return result as T
  }
  const logIn = async (username: string, password: string): Promise<string> =>
    (await call<{ jwt: string }>({ controller: 'auth', action: 'login', strategy: 'local', body: { username, password } })).jwt
  /** Makes the first administrator, and restricts everybody else. */
  const found = async (): Promise<string> => {
    await call({ controller: 'security', action: 'createFirstAdmin', _id: 'boss', reset: true, body: { content: { name: 'Boss' }, credentials: { local: { username: 'boss', password: 'secret-1' } } } })
    return logIn('boss', 'secret-1')
  }
  const closers: (() => Promise<void>)[] = []
  /** Opens HTTP and WebSocket on a free port. */
  const listen = async (): Promise<{ url: string; port: number }> => {
    const gateway = new Gateway({ registry, bus, pipeline, supervisor, logger, config: defaultServerConfig })
    const app = fastify(fastifyOptions())
    await gateway.attach(app)
    await gateway.attachWebSocket(app.server)
    await app.listen({ port: 0, host: '127.0.0.1' })
    closers.push(async () => {
      await gateway.close()
      app.server.closeAllConnections()
      await app.close()
    })
    const { port } = app.server.address() as AddressInfo
    return { port, url: `http://127.0.0.1:${port}` }
  }
  const close = async (): Promise<void> => {
    for (const closeDoors of closers) await closeDoors()
    for (const plugin of started.reverse()) await plugin.close()
    security.close()
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { security, store, registry, bus, pipeline, logger, load, send, call, logIn, found, listen, close }
}

export type SecuredHost = Awaited<ReturnType<typeof startSecuredHost>>
