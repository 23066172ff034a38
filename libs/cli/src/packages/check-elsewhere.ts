import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Refusal } from '../refusal.js'
import type { PluginReport } from './plugin-report.js'

/** How this command is run once more: a program and what comes first on its command line. */
export interface OwnCommand {
  readonly program: string
  readonly args: readonly string[]
}

/** What is checked, and where the report goes. */
export interface Check {
  readonly folder: string
  readonly beside: string
  /** A folder for the report. */
  readonly staging: string
}

/** Milliseconds that a check has to end in; starting a plugin has limits of its own, importing it has none. */
const LIMIT = 120_000

/**
 * Runs `mortise plugins check` in a process of its own, so that nothing a
 * plugin does while it is loaded can harm this one.
 *
 * @throws {@link Refusal} when that process ends without a report, with what it said.
 */
export async function checkElsewhere({ program, args }: OwnCommand, { folder, beside, staging }: Check): Promise<PluginReport> {
  const file = join(staging, 'report.json')
  const child = spawn(program, [...args, 'plugins', 'check', folder, '--beside', beside, '--output', file], { stdio: ['ignore', 'ignore', 'pipe'], timeout: LIMIT, killSignal: 'SIGKILL' })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => { said = (said + chunk.toString()).slice(-4_000) })
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (...ended) => resolve(ended))
  })
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text !== undefined) return JSON.parse(text) as PluginReport
  const end = signal ? `was stopped by ${signal}` : `ended with ${code}`
  throw new Refusal(`The plugin cannot be checked: its process ${end} before it was loaded.${said.trim() ? `\n${said.trim()}` : ''}`)
}
