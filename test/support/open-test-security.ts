import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Request, type Logger, type RequestData, type StrategyMethods } from '@mortise/sdk'
import { EventBus, Registry, type PluginDefinition, type StrategyDefinition } from '@app/registry'
import { createSecurity, type ChangeFeed, type Security, type SecurityOptions } from '@app/security'
import { openDocumentStore, type DocumentStore } from '@app/storage'
import { Supervisor } from '@app/supervision'

/** A Security over a real store in a folder of its own. */
export interface TestSecurity {
  readonly security: Security
  readonly store: DocumentStore
  readonly registry: Registry
  readonly bus: EventBus
  readonly supervisor: Supervisor
  /** What was logged, as `level: message`. */
  readonly logged: string[]
  close(): Promise<void>
}

export async function openTestSecurity(options: SecurityOptions = {}, given: { store?: DocumentStore; changes?: ChangeFeed; clock?: () => number } = {}): Promise<TestSecurity> {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-security-'))
  const store = given.store ?? openDocumentStore({ path: join(folder, 'store.sqlite') })
  if (!given.store) await store.start()
  const logged: string[] = []
  const logger = listen(logged)
  const registry = new Registry()
  const bus = new EventBus(registry, { pipeTimeout: 5000, maxConcurrentPipes: 50, pipesBufferSize: 50_000 }, logger)
  const supervisor = new Supervisor({ logger, clock: given.clock })
  const security = createSecurity({ store, registry, bus, logger, options, supervisor, changes: given.changes })
  await security.start()
  return {
    security, store, registry, bus, supervisor, logged,
    close: async () => {
      security.close()
      if (!given.store) await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function listen(logged: string[]): Logger {
  const write = (level: string) => (message: unknown): void => { logged.push(`${level}: ${message instanceof Error ? message.message : String(message)}`) }
  return { error: write('error'), warn: write('warn'), info: write('info'), debug: write('debug'), verbose: write('verbose'), silly: write('silly') }
}

/** A plugin that brings nothing but what is given. */
export const createPlugin = (parts: Partial<PluginDefinition> & { name: string }): PluginDefinition =>
  ({ version: '1.0.0', kind: 'decorated', place: `plugins/enabled/${parts.name}`, hooks: [], pipes: [], controllers: [], ...parts })

/** Credentials kept in memory: `{secret}` by user id. */
export function createMemoryMethods(credentials = new Map<string, { secret: string }>()): StrategyMethods & { credentials: Map<string, { secret: string }> } {
  return {
    credentials,
    verify: async (_request, kuid: string, secret: string) => (credentials.get(kuid)?.secret === secret ? { kuid } : { message: 'no such secret' }),
    exists: (_request, kuid) => credentials.has(kuid),
    create: (_request, { secret }, kuid) => { credentials.set(kuid, { secret }); return { kuid } },
    update: (_request, { secret }, kuid) => { credentials.set(kuid, { secret }); return { kuid } },
    delete: (_request, kuid) => credentials.delete(kuid),
    validate: (_request, { secret }) => { if (typeof secret !== 'string') throw new Error('a secret is missing') },
    getInfo: (_request, kuid) => ({ kuid }),
  }
}

/** A Passport strategy as small as they come: reads `{kuid, secret}` from the body. */
export class BodyStrategy {
  constructor(readonly options: object, private readonly verify: (request: object, kuid: string, secret: string, done: (...given: unknown[]) => void) => void) {}

  authenticate(this: BodyStrategy & Record<'success' | 'fail' | 'error', (...given: unknown[]) => void>, request: { body: { kuid?: string; secret?: string } }): void {
    const { kuid, secret } = request.body
    if (!kuid || !secret) return this.fail({ message: 'Missing credentials' }, 400)
    this.verify(request, kuid, secret, (error, user, info) => {
      if (error) return this.error(error)
      return user ? this.success(user) : this.fail(info)
    })
  }
}

/** A strategy by the name of `memory`, over {@link createMemoryMethods}. */
export const createMemoryStrategy = (methods: StrategyMethods = createMemoryMethods(), name = 'memory'): StrategyDefinition =>
  ({ name, strategy: BodyStrategy, methods, fields: ['secret'] })

/** A request over HTTP, with headers in `headers`. */
export function httpRequest(data: RequestData, headers: Record<string, string> = {}, details: object = {}): Request {
  return new Request(data, { connection: { id: 'http-connection', protocol: 'http', ips: ['127.0.0.1'], headers: { host: 'localhost:7512', ...headers }, verb: 'POST', ...details } })
}

/** A request over a WebSocket. */
export const socketRequest = (data: RequestData, id = 'socket-1', headers: Record<string, string> = {}): Request =>
  new Request(data, { connection: { id, protocol: 'websocket', ips: ['127.0.0.1'], headers } })
