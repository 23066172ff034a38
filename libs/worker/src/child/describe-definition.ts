import type { StrategyMethods } from '@mortise/sdk'
import type { HookDefinition, PipeDefinition, PluginDefinition } from '@app/registry'
import { isCloneable } from '../wire/error.format.js'
import type { ListenerShape, PluginShape } from '../wire/messages.js'

/** Something of a plugin that the host can call by its number. */
export interface NumberedHandler {
  readonly call: (...payload: unknown[]) => unknown
  /** Whether it is only told: nobody waits for what a hook yields or changes. */
  readonly isHook: boolean
}

/** What strategies do where the plugin runs. */
const METHODS = ['verify', 'exists', 'create', 'update', 'delete', 'validate', 'getInfo', 'getById', 'search', 'refreshToken'] as const

const methodOf = (methods: StrategyMethods, name: (typeof METHODS)[number]): NumberedHandler['call'] =>
  (methods[name] as NumberedHandler['call']).bind(methods)

/** Splits a definition into what can cross and the handlers that stay, found by their numbers. */
export function describeDefinition({ hooks, pipes, controllers, strategies = [], protocols = [], schedules = [], securities, details = {} }: PluginDefinition): { shape: PluginShape; handlers: readonly NumberedHandler[] } {
  const handlers: NumberedHandler[] = []
  const number = (call: NumberedHandler['call'], isHook = false): number => handlers.push({ call, isHook }) - 1
  const describe = ({ handler, ...listener }: HookDefinition | PipeDefinition, isHook: boolean): ListenerShape => ({ ...listener, handler: number(handler, isHook) })
  const shape: PluginShape = {
    hooks: hooks.map((hook) => describe(hook, true)),
    pipes: pipes.map((pipe) => describe(pipe, false)),
    controllers: controllers.map(({ name, actions }) => ({
      name, actions: actions.map((action) => ({ ...action, handler: number(action.handler as NumberedHandler['call']) })),
    })),
    schedules: schedules.map(({ handler, ...schedule }) => ({ ...schedule, handler: number(handler, true) })),
    strategies: strategies.map(({ name, options, methods }) => ({
      name, ...(isCloneable(options) && { options }),
      methods: Object.fromEntries(METHODS.filter((method) => methods[method]).map((method) => [method, number(methodOf(methods, method))])),
    })),
    securities,
    details: isCloneable(details) ? details : {},
    bound: [
      ...protocols.map(({ name }) => `the protocol "${name}"`),
      ...strategies.filter(({ methods }) => methods.afterRegister).map(({ name }) => `afterRegister, which is handed the live strategy "${name}"`),
      ...strategies.filter(({ options }) => !isCloneable(options)).map(({ name }) => `options of the strategy "${name}" that cannot be cloned`),
    ],
  }
  return { shape, handlers }
}
