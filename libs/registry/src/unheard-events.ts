import { hostEvents } from '@mortise/sdk'
import { closest } from 'fastest-levenshtein'
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
  /** The event it probably means. */
  readonly suggestion: string
}

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
      .map(({ event, name }) => ({ plugin, kind, event, name, suggestion: closest(event, isPattern(event) ? [...hearable] : [...known]) }))))
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
