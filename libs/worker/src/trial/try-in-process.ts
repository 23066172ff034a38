import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { ApiError } from '@mortise/sdk'
import { unpackError } from '../wire/error.format.js'
import { workerErrors } from '../worker.errors.js'
import type { PluginOutline, TrialOutcome } from './messages.js'

/** How a plugin is tried. */
export interface TrialParts {
  /** The module that calls `answerTrial`, compiled. */
  readonly entry: URL
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Milliseconds after which it is ended, also out of an endless loop. */
  readonly limit: number
  /** What the plugin is called in the report. */
  readonly place: string
  /** The error that stands for several faults. */
  readonly refuse: (faults: readonly ApiError[]) => Error
}

/** What is remembered of the last that a process says. */
const LAST_WORDS = 2_000

/**
 * Has a process load a plugin that may do anything while it is loaded, also end the process or never come back.
 *
 * @param order - Handed to the process as a structured clone.
 * @throws what `refuse` makes of what is wrong with it; `plugin.worker.trial_ended` is among it when the process ended too early.
 */
export async function tryInProcess({ entry, environment, limit, place, refuse }: TrialParts, order: unknown): Promise<PluginOutline> {
  const child = spawn(process.execPath, [fileURLToPath(entry)], { env: { ...environment }, stdio: ['ignore', 'ignore', 'pipe', 'ipc', 'pipe'], serialization: 'advanced' })
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    child.kill('SIGKILL')
  }, limit)
  try {
    const outcome = await outcomeOf(child, order)
    if (typeof outcome !== 'string') return readOutcome(outcome, refuse)
    const reason = isLate ? `it has not come up within ${limit} ms` : outcome
    throw refuse([workerErrors.trial_ended(place, reason).with({ place, hint: 'Look at what its modules and its initialisation do.' })])
  } finally {
    clearTimeout(timer)
    child.kill('SIGKILL')
  }
}

function readOutcome(outcome: TrialOutcome, refuse: TrialParts['refuse']): PluginOutline {
  if ('outline' in outcome) return outcome.outline
  throw refuse(outcome.faults.map((fault) => unpackError(fault) as ApiError))
}

/** What the process answers, or how it ended before it did. */
function outcomeOf(child: ChildProcess, order: unknown): Promise<TrialOutcome | string> {
  return new Promise((resolve) => {
    let said = ''
    child.stderr?.on('data', (chunk: Buffer) => { said = (said + chunk.toString()).slice(-LAST_WORDS) })
    child.on('message', (outcome) => resolve(outcome as TrialOutcome))
    child.on('error', (error) => resolve(`its process failed: ${error.message}`))
    child.on('close', (code, signal) => resolve(`it ended its process ${signal ? `by ${signal}` : `with exit code ${code}`}${said && ` and said:\n${said.trim()}`}`))
    child.send(order as object)
  })
}
