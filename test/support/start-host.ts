import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startMortise, type MortiseConfigInput, type SecretsByPlugin } from '../../src/index.js'
import { openLog } from '../../src/logger.js'

/** What of a started host differs from its defaults. */
export interface HostOptions {
  /** Plugins to enable by links: names in test/fixtures/plugins or in plugins/available, or paths. */
  readonly enabled?: readonly string[]
  /** Installed packages to load by their names, out of the project's own node_modules. */
  readonly installed?: readonly string[]
  /** Plugins given by code. */
  readonly plugins?: readonly unknown[]
  readonly config?: MortiseConfigInput
  readonly secrets?: SecretsByPlugin
}

/** An answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The text as JSON; undefined when it is none. */
  /* eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look at whatever comes */
  readonly body: any
}

/** A line of the host's log. */
export interface LogLine {
  readonly level: number
  readonly plugin?: string
  readonly msg?: string
  readonly [key: string]: unknown
}

const PLACES = ['test/fixtures/plugins', 'plugins/available', '.']

/** A folder as a person sets one up: plugins enabled by links, everything else to come. */
export function createProject(enabled: readonly string[] = []): string {
  const root = mkdtempSync(join(tmpdir(), 'mortise-e2e-'))
  mkdirSync(join(root, 'plugins/enabled'), { recursive: true })
  for (const name of enabled) enable(root, name)
  return root
}

/** Links a plugin, found by name or path, into the project. */
export function enable(root: string, name: string): void {
  const folder = PLACES.map((place) => resolve(place, name)).find((path) => existsSync(path)) ?? resolve(root, name)
  symlinkSync(folder, join(root, 'plugins/enabled', name.split('/').pop() ?? name))
}

/** Links an installed package into the project's node_modules. */
function install(root: string, name: string): void {
  mkdirSync(join(root, 'node_modules'), { recursive: true })
  symlinkSync(resolve('node_modules', name), join(root, 'node_modules', name))
}

/** The whole host on a free port, in this process, in a folder of its own that goes when it closes. */
export async function startHost({ enabled = [], installed = [], plugins = [], config = {}, secrets }: HostOptions = {}) {
  const root = createProject(enabled)
  for (const name of installed) install(root, name)
  const logs: LogLine[] = []
  const plugged = { ...config.plugins, common: { include: [...installed], ...config.plugins?.common } } as MortiseConfigInput['plugins']
  const settings = { ...config, server: { port: 0, host: '127.0.0.1', ...config.server }, plugins: plugged }
  const remove = (): void => rmSync(root, { recursive: true, force: true })
  const running = await startMortise({ root, plugins, secrets, config: settings, logger: openLog('silly', { write: (line) => logs.push(JSON.parse(line) as LogLine) }) })
    .catch((error: unknown) => {
      remove()
      throw error
    })
  const url = `http://127.0.0.1:${running.port}`
  const close = async (): Promise<void> => {
    await running.close()
    remove()
  }
  return { ...running, root, logs, url, close, ask: asker(url) }
}

export type StartedHost = Awaited<ReturnType<typeof startHost>>

/** Sends a request over HTTP; a body that is no text goes as JSON. */
export function asker(url: string) {
  return async (method: string, path: string, { headers = {}, body }: { headers?: Record<string, string>; body?: unknown } = {}): Promise<WireAnswer> => {
    const response = await fetch(url + path, {
      method, headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers }, body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, body: parse(text) }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
