export type { Chain, ChainedHook, ChainedPipe } from './chain.js'
export { EventBus } from './event-bus.js'
export { isPattern, partsOf, patternsOf } from './event-pattern.js'
export type { PipeLimits } from './pipe-runner.js'
export type {
  ActionDefinition, ActionDescription, ControllerDefinition, HookDefinition, PipeDefinition, PluginDefinition, ProtocolDefinition, RouteDefinition, ScheduleDefinition,
  StrategyDefinition,
} from './plugin-definition.js'
export { RegistrationError, Registry } from './registry.js'
export type { PluginCheck, RegisteredAction } from './registry.js'
export { RouteTable } from './route-table.js'
export type { Route } from './route-table.js'
export { emittedEvents, findUnheardEvents } from './unheard-events.js'
export type { UnheardListener } from './unheard-events.js'
export { WatchedEvents } from './watched-events.js'
