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
 * names the plugin and keeps what was thrown as `cause`.
 */
export function blame(raw: unknown, { plugin, listener, translate }: Callee): ApiError {
  const thrown = translate ? translate(raw) : raw
  if (ApiError.is(thrown)) return thrown
  const said = thrown instanceof Error ? thrown.message : typeof thrown === 'string' ? thrown : String(JSON.stringify(thrown))
  const error = createErrorFrom(thrown, 'plugin.runtime.unexpected_error', said)
  error.message = `Caught an unexpected plugin error: ${said}\nIt comes from plugin "${plugin}", ${listener}.`
  return error.with({ place: `plugin "${plugin}" → ${listener}` })
}

/** Whether a value can be waited for, whoever made the promise. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}
