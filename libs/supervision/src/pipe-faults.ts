import { createError, type ApiError } from '@mortise/sdk'
import { blame, type Callee } from './blame.js'

/** The error of a pipe that has not answered in time. */
export function lateness(pipe: Callee, event: string, timeout: number): ApiError {
  const error = createError('plugin.runtime.pipe_timeout', pipe.plugin, event)
  return error.with({ place: `plugin "${pipe.plugin}" → ${pipe.listener}`, hint: `Answer within ${timeout} ms, or give the pipe a longer timeout.` })
}

/** The error of a pipe that gave nothing back. */
export function silence(pipe: Callee, event: string): ApiError {
  const error = blame(new Error(`the pipe on "${event}" gave nothing back`), pipe)
  return error.with({ hint: 'Return the payload from the pipe: the next one, and the action, work on it.' })
}

/** Whether a pipe's answer is missing: the next one, and the action, would work on nothing. */
export const isSilent = (answer: unknown, given: unknown): boolean => answer === undefined && given !== undefined && given !== null
