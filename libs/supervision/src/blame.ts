import { inspect } from 'node:util'
import { ApiError, createErrorFrom } from '@mortise/sdk'

/** Who is called, for errors and logs. */
export interface Callee {
  readonly plugin: string
  /** What of the plugin is called: `pipe CreatedAt.stamp on "document:beforeCreate"`. */
  readonly listener: string
  /** Asked first about what it threw; see `PluginDefinition`. */
  readonly translate?: (thrown: unknown) => unknown
}

/**
 * Makes whatever a plugin threw an error that clients may see: errors of the
 * SDK pass, anything else becomes `plugin.runtime.unexpected_error`, which
 * names the plugin and keeps what was thrown as `cause`. Never throws itself,
 * though what was thrown may do so when it is looked at.
 */
export function blame(raw: unknown, callee: Callee): ApiError {
  try {
    const thrown = callee.translate ? callee.translate(raw) : raw
    return ApiError.is(thrown) ? thrown : unexpected(thrown, callee, messageOf(thrown))
  } catch {
    return unexpected(undefined, callee, 'what was thrown cannot be read')
  }
}

function unexpected(thrown: unknown, { plugin, listener }: Callee, said: string): ApiError {
  const error = createErrorFrom(thrown, 'plugin.runtime.unexpected_error', said)
  error.message = `Caught an unexpected plugin error: ${said}\nIt comes from plugin "${plugin}", ${listener}.`
  return error.with({ place: `plugin "${plugin}" → ${listener}` })
}

/** Words for whatever was thrown: its message, its text, or its JSON where it has any. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message
  if (typeof thrown === 'string') return thrown
  try {
    return String(JSON.stringify(thrown))
  } catch {
    return inspect(thrown, { breakLength: Infinity })
  }
}

/** Whether a value can be waited for, whoever made the promise. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}

/**
 * Calls one of two functions, once, when what a plugin gave back has settled.
 * A promise of the platform's is waited for as it is; whatever else calls
 * itself one may call back twice, or throw, and is not trusted to wait.
 */
export function whenSettled(answer: PromiseLike<unknown>, onValue: (value: unknown) => void, onFailure: (thrown: unknown) => void): void {
  try {
    if (answer.then === Promise.prototype.then) return void answer.then(onValue, onFailure)
  } catch (fault) {
    return onFailure(fault)
  }
  new Promise((resolve) => resolve(answer)).then(onValue, onFailure)
}
