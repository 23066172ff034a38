/** The part before the last `:`, or before the first, which older plugins mean. */
export interface EventParts {
  scope: string
  /** Differs from `scope` for events of several colons, such as `generic:document:beforeWrite`. */
  firstScope: string
  name: string
}

/** Takes an event or pattern apart. An event without a colon is its own scope. */
export function partsOf(event: string): EventParts {
  const last = event.lastIndexOf(':')
  if (last < 0) return { scope: event, firstScope: event, name: '' }
  return { scope: event.slice(0, last), firstScope: event.slice(0, event.indexOf(':')), name: event.slice(last + 1) }
}

/** Whether a listener's event stands for several. */
export const isPattern = (event: string): boolean => event.endsWith('*')

/**
 * What an event can be listened to as, most particular first: itself, then
 * `scope:before*` or `scope:after*`, then `scope:*`, then `*:*`. Listeners
 * run in this order. Source: the protocol's wildcard rules; a scope up to the
 * first colon counts too, as in its first versions.
 */
export function patternsOf(event: string): readonly string[] {
  const { scope, firstScope, name } = partsOf(event)
  const patterns = [event]
  if (name.startsWith('before')) patterns.push(`${scope}:before*`)
  if (name.startsWith('after')) patterns.push(`${scope}:after*`)
  patterns.push(`${scope}:*`)
  if (firstScope !== scope) patterns.push(`${firstScope}:*`)
  patterns.push('*:*')
  return patterns
}
