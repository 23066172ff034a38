import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runHost } from './run-host.js'
import { asker, createProject } from './start-host.js'

export type Isolation = 'inline' | 'thread' | 'process'

/** What runs where. */
export interface IsolatedOptions {
  readonly isolation: Isolation
  /** What is enabled; the first is isolated. */
  readonly enabled?: readonly [string, ...string[]]
  /** The rest of its section of the configuration. */
  readonly settings?: Record<string, unknown>
  readonly environment?: Record<string, string>
}

/** The built host in a process of its own, with one plugin where it is to run. */
export async function startIsolated({ isolation, enabled = ['that-is-fragile', 'that-sells'], settings = {}, environment = {} }: IsolatedOptions) {
  const root = createProject(enabled)
  writeFileSync(join(root, 'mortise.config.json'), JSON.stringify({ plugins: { [enabled[0]]: { isolation, ...settings } } }))
  const host = runHost(root, { env: { MORTISE_LOGGING__LEVEL: 'info', MORTISE_SECRETS__THAT_IS_FRAGILE__WORD: 'open', ...environment } })
  const url = await host.listening()
  const stop = async () => {
    const outcome = await host.stop()
    rmSync(root, { recursive: true, force: true })
    return outcome
  }
  return { host, url, ask: asker(url), stop }
}

export type IsolatedHost = Awaited<ReturnType<typeof startIsolated>>
