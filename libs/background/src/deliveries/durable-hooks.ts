import { durableEvents, type ApiError } from '@mortise/sdk'
import type { HookDefinition, PluginDefinition, Registry } from '@app/registry'
import type { CallBudget, Callee } from '@app/supervision'
import { closest } from 'fastest-levenshtein'
import { backgroundErrors } from '../background.errors.js'

/** A durable hook in place: whose it is, and under which name its deliveries are kept. */
export interface DurableHook extends Callee {
  readonly event: string
  /** Class and method. */
  readonly method: string
  /** Plugin and method: deliveries of one document to one method keep their order, whatever the event. */
  readonly name: string
  readonly handler: HookDefinition['handler']
  readonly budget?: CallBudget
}

/** The durable hooks of everybody who is registered. */
export function durableHooksOf(registry: Registry): DurableHook[] {
  return registry.plugins.flatMap((plugin) => plugin.hooks.filter(({ durable }) => durable).map(({ event, name, handler, budget }) => ({
    event, handler, budget, method: name, plugin: plugin.name, translate: plugin.translate, name: `${plugin.name}/${name}`, listener: `durable hook ${name}`,
  })))
}

/** What is wrong with the durable hooks of a plugin that wants to be registered. */
export function checkDurableHooks(plugin: PluginDefinition): ApiError[] {
  const seen = new Set<string>()
  return plugin.hooks.filter(({ durable }) => durable).flatMap(({ event, name }) => {
    const place = `${plugin.place} → @Hook on ${name}`
    if (!isDurable(event)) {
      const nearest = closest(event, [...durableEvents])
      return [backgroundErrors.not_durable(plugin.name, event).with({ place, hint: `Leave "durable" away, or listen to what documents leave behind: "${nearest}"?` })]
    }
    const isSecond = seen.has(`${name} ${event}`)
    seen.add(`${name} ${event}`)
    return isSecond ? [backgroundErrors.ambiguous_listener(plugin.name, name, event).with({ place, hint: 'Rename the class or the method: deliveries are kept under both.' })] : []
  })
}

const events: ReadonlySet<string> = new Set(durableEvents)

export const isDurable = (event: string): boolean => events.has(event)
