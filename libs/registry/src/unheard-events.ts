import { hostEvents } from '@mortise/sdk'
import { closest, distance } from 'fastest-levenshtein'
import { isPattern, partsOf, patternsOf } from './event-pattern.js'
import type { PluginDefinition } from './plugin-definition.js'
import type { Registry } from './registry.js'

/** A listener to something that nothing emits. */
export interface UnheardListener {
  readonly plugin: PluginDefinition
  readonly kind: 'pipe' | 'hook'
  readonly event: string
  /** Where it is written. */
  readonly name: string
  /** The event it probably means, where one is near enough. */
  readonly suggestion: string | undefined
}

/** Names further away than this many letters are no suggestion, but within the same scope. */
const FAR = 4

/**
 * Listeners that would never be called: their event is neither one of the
 * host's or of the application's around it, nor one of a registered action's,
 * nor one that a registered plugin may trigger. To be asked once all plugins are registered.
 */
export function findUnheardEvents(registry: Registry): UnheardListener[] {
  const known = emittedEvents(registry)
  const hearable = new Set([...known].flatMap(patternsOf))
  const isHeard = (event: string): boolean => hearable.has(event) || isTriggered(event, registry)
  return registry.plugins.flatMap((plugin) =>
    (['pipe', 'hook'] as const).flatMap((kind) => plugin[`${kind}s`]
      .filter(({ event }) => !isHeard(event))
      .map(({ event, name }) => ({ plugin, kind, event, name, suggestion: suggest(event, isPattern(event) ? [...hearable] : [...known]) }))))
}

function suggest(event: string, candidates: readonly string[]): string | undefined {
  const { scope } = partsOf(event)
  const akin = candidates.filter((candidate) => partsOf(candidate).scope === scope)
  if (akin.length > 0) return closest(event, akin)
  const nearest = closest(event, candidates)
  return distance(event, nearest) <= Math.min(FAR, scope.length - 1) ? nearest : undefined
}

/** Every event that can happen: the host's, those of registered actions, and those of an application around the host. */
export const emittedEvents = (registry: Registry): ReadonlySet<string> =>
  new Set([...hostEvents, ...eventsOfActions(registry), ...registry.foreignEvents])

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const eventsOfActions = (registry: Registry): string[] =>
  [...registry.actions].flatMap(([controller, actions]) =>
    [...actions.keys()].flatMap((action) => ['before', 'after', 'error'].map((time) => `${controller}:${time}${upperFirst(action)}`)))

function isTriggered(event: string, registry: Registry): boolean {
  const { firstScope } = partsOf(event)
  return firstScope.startsWith('plugin-') && registry.plugins.some(({ name }) => `plugin-${name}` === firstScope)
}
