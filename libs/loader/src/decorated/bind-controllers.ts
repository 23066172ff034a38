import { PIPES_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/internal'
import { ExternalContextCreator } from '@nestjs/core'
import { isObservable, lastValueFrom } from 'rxjs'
import { createError, readMarks, type ActionMark, type Marks, type PluginOptions, type Request } from '@mortise/sdk'
import type { ActionDefinition, ControllerDefinition, RouteDefinition } from '@app/registry'
import { bindSchemas } from '@app/schemas'
import { hasEnhancers, hasMetadata, listGlobalEnhancers } from './nest-enhancers.js'
import type { PluginContext } from './plugin-context.js'

/** What guards, interceptors and filters read with `context.getType()`. */
const CONTEXT_TYPE = 'mortise'

/** Where the arguments of actions are noted for Nest; a method's first one is the request. */
const ARGUMENTS = 'mortise:arguments'
const REQUEST_ARGUMENT = { '0:0': { index: 0, data: undefined, pipes: [] } }
const INPUT_ARGUMENT = { '1:1': { index: 1, data: undefined, pipes: [] } }
const ARGUMENT_FACTORY = { exchangeKeyForValue: (type: number, _data: unknown, given: unknown[]) => given[type] }

type Action = (request: Request, input?: unknown) => unknown
type Methods = Record<string, Action | undefined>

/** Binds the controllers of a plugin, so that Nest's guards, interceptors, pipes and filters work on their actions. */
export function bindControllers(options: PluginOptions, { nest, instances }: PluginContext): ControllerDefinition[] {
  const creator = nest.get(ExternalContextCreator)
  const globals = listGlobalEnhancers(nest)
  return instances.flatMap((instance) => {
    const { controller, actions } = readMarks(instance.constructor) ?? {}
    if (!controller || !actions) return []
    const name = controller.global ? controller.name : `${options.name}/${controller.name}`
    return [{ name, actions: actions.map((action): ActionDefinition => ({
      name: action.name,
      ...bindSchemas(action, { plugin: options.name, controller: name }, bindAction(creator, instance, action, { plugin: options.name, globals })),
      routes: routesOf(options.name, controller, action),
    })) }]
  })
}

function bindAction(creator: ExternalContextCreator, instance: object, { method, input }: ActionMark, { plugin, globals }: { plugin: string; globals: readonly string[] }): Action {
  const callback = (instance as Methods)[method]
  if (typeof callback !== 'function') {
    throw createError('plugin.controller.invalid_action', plugin, instance.constructor.name, method)
      .with({ place: `${instance.constructor.name}.${method}`, hint: `Write the method "${method}", or take its mark away.` })
  }
  if (globals.length === 0 && !hasEnhancers(instance, method)) return callPlainly(callback.bind(instance))
  noteArguments(instance, method, { hasGlobalPipes: globals.includes('APP_PIPE'), hasInput: input !== undefined })
  return creator.create(instance, callback as (...args: unknown[]) => unknown, method, ARGUMENTS, ARGUMENT_FACTORY, undefined, undefined, undefined, CONTEXT_TYPE) as Action
}

/** What Nest's wrapper amounts to where nothing of Nest's works on an action, without its five promises. */
const callPlainly = (action: Action): Action => async (request, input) => {
  const result = await action(request, input)
  return isObservable(result) ? lastValueFrom(result) : result
}

/** Nest prepares arguments only where they are noted, and takes time for it: so only where something works on them. */
function noteArguments(instance: object, method: string, { hasGlobalPipes, hasInput }: { hasGlobalPipes: boolean; hasInput: boolean }): void {
  const type = instance.constructor
  const custom = Reflect.getMetadata(ROUTE_ARGS_METADATA, type, method) as Record<string, { index: number }> | undefined
  const hasPipes = hasGlobalPipes || hasMetadata(PIPES_METADATA, instance, method)
  if (!custom && !hasPipes) return
  const isTaken = (place: number): boolean => Object.values(custom ?? {}).some(({ index }) => index === place)
  Reflect.defineMetadata(ARGUMENTS, { ...custom, ...(isTaken(0) ? {} : REQUEST_ARGUMENT), ...(isTaken(1) || !hasInput ? {} : INPUT_ARGUMENT) }, type, method)
}

/** A plugin's routes stand under both prefixes of the protocol; a global controller's stand as written. */
function routesOf(plugin: string, controller: NonNullable<Marks['controller']>, action: ActionMark): RouteDefinition[] {
  const prefixes = controller.global ? [''] : [`/_plugin/${plugin}/${controller.name}`, `/_/${plugin}/${controller.name}`]
  return action.routes.flatMap(({ verb, path }) => prefixes.map((prefix) => ({ verb, path: `${prefix}/${path}`.replace(/\/{2,}/g, '/') })))
}
