import { ApiError, createErrorFrom } from '@mortise/sdk'
import type { PluginDefinition } from '@app/registry'
import { holdLifeline } from '../child/lifeline.js'
import { packError } from '../wire/error.format.js'
import type { PluginOutline, TrialOutcome } from './messages.js'

/**
 * Makes this process one that tries a plugin: it loads it as ordered by
 * whoever started it, tells what came of it, and is ended.
 *
 * @param perform - Loads the plugin and closes everything again. @throws with `faults`, or an ApiError
 */
export function answerTrial<Order>(perform: (order: Order) => Promise<PluginDefinition>): void {
  holdLifeline()
  process.once('message', (order) => {
    void perform(order as Order).then((definition) => ({ outline: outlineOf(definition) }), (thrown: unknown) => ({ faults: faultsOf(thrown).map(packError) }))
      .then((outcome: TrialOutcome) => process.send?.(outcome))
  })
}

const faultsOf = (thrown: unknown): readonly ApiError[] => {
  const { faults } = thrown as { faults?: readonly ApiError[] }
  return faults ?? [ApiError.is(thrown) ? thrown : createErrorFrom(thrown, 'plugin.runtime.unexpected_error', String(thrown))]
}

/** Handlers stay where they are: only what can be told is. */
const outlineOf = (definition: PluginDefinition): PluginOutline => {
  const { name, version, pipes, hooks, controllers, strategies = [], protocols = [] } = definition
  return {
    name, version,
    pipes: pipes.map(({ event }) => ({ event })),
    hooks: hooks.map(({ event }) => ({ event })),
    controllers: controllers.map((controller) => ({ name: controller.name, actions: controller.actions.map((action) => ({ name: action.name, routes: action.routes.map(({ verb, path }) => ({ verb, path })) })) })),
    strategies: strategies.map((strategy) => ({ name: strategy.name })),
    protocols: protocols.map((protocol) => ({ name: protocol.name })),
  }
}
