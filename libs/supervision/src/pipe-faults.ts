import { createError, type ApiError } from '@mortise/sdk'
import { blame, type Callee } from './blame.js'

/** The error of a pipe that has not answered in time. */
export function lateness(pipe: Callee, event: string, timeout: number): ApiError {
  const error = createError('plugin.runtime.pipe_timeout', pipe.plugin, event)
  return error.with({ place: `plugin "${pipe.plugin}" → ${pipe.listener}`, hint: `Answer within ${timeout} ms, or give the pipe a longer timeout.` })
}

/** The error of a pipe that gave back what nobody can go on with; `fault` says what, as {@link mismatchOf} has found. */
export function mismatch(pipe: Callee, event: string, fault: string): ApiError {
  const error = blame(new Error(`the pipe on "${event}" gave ${fault}`), pipe)
  return error.with({ hint: 'Return the payload from the pipe: the next one, and the action, work on it.' })
}

const DOCUMENTS = 'generic:document:'

/** What is wrong with a pipe's answer, if anything: whoever comes next would stumble over it, and be blamed. */
export function mismatchOf(event: string, answer: unknown, given: unknown): string | undefined {
  if (answer === given || given === undefined || given === null) return undefined
  if (answer === undefined) return 'nothing back'
  if (isRequest(given)) return isRequest(answer) ? undefined : 'back something that is no request'
  return Array.isArray(given) && event.startsWith(DOCUMENTS) ? listFault(answer, given) : undefined
}

function listFault(answer: unknown, [sample]: readonly unknown[]): string | undefined {
  if (!Array.isArray(answer)) return 'back something that is no list of documents'
  return isObject(sample) && !answer.every(isObject) ? 'back a list with something that is no document' : undefined
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** Told by shape: it may be of another copy of the SDK. */
const isRequest = (value: unknown): boolean => isObject(value) && 'input' in value && 'context' in value && 'setError' in value
