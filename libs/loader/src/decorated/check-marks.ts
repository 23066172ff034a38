import { createError, readMarks, type ActionMark, type ApiError, type Class, type Marks, type PluginOptions } from '@mortise/sdk'
import { findFilterFault } from '@app/realtime'
import { closest } from 'fastest-levenshtein'
import satisfies from 'semver/functions/satisfies.js'
import validRange from 'semver/ranges/valid.js'
import { loaderErrors } from '../loader.errors.js'
import { constructedClasses, parametersOf } from './constructed-classes.js'

/** Source: the protocol's rule for names of plugins given by code. */
const NAME = /^[a-z][a-z0-9-]*$/

/** Names of controllers and actions stand in URLs, and in events as `<plugin>/<controller>:before<Action>`. */
const PART = /^[\w-]+$/

/** Where `@Controller` of Nest notes its path. */
const NEST_PATH = 'path'

/** What `@Plugin` takes; the type keeps the list whole. */
const OPTIONS = Object.keys({ name: 0, version: 0, host: 0, config: 0, providers: 0, controllers: 0, imports: 0, securities: 0 } satisfies Record<keyof PluginOptions, 0>)

const LIFECYCLE = ['onModuleInit', 'onApplicationBootstrap', 'onModuleDestroy', 'beforeApplicationShutdown', 'onApplicationShutdown']

/** Everything that is wrong with a plugin's marks, before anything is constructed. The faults' places are classes and methods of it. */
export function checkMarks(plugin: Class, place: string, hostVersion: string): ApiError[] {
  const { name, ...given } = readMarks(plugin)?.plugin as PluginOptions
  const gap = findGap(given)
  if (gap) return [createError('plugin.assert.cannot_load', named(name, place), gap).with({ hint: 'List classes there, each imported from where it is; modules that import each other in a circle leave gaps.' })]
  const options = { ...given, name: named(name, place) }
  const faults = [checkName(name, place), ...checkKeys(options), checkHost(options, hostVersion), checkSchema(options), checkContent(plugin, options)].filter((fault) => fault !== undefined)
  const controllers = (options.controllers ?? []).flatMap((type) => checkController(type))
  const others = constructedClasses(plugin).filter((type) => !options.controllers?.includes(type)).flatMap((type) => checkOther(type, options.name))
  const filters = constructedClasses(plugin).flatMap((type) => checkFilters(type))
  const injection = constructedClasses(plugin).flatMap((type) => checkInjection(type, options.name))
  return [...faults, ...controllers, ...others, ...filters, ...injection]
}

/** What reports call the plugin. */
const named = (name: unknown, place: string): string => (typeof name === 'string' && name !== '' ? name : place)

/** What keeps the lists of a plugin from being read, if anything. */
function findGap(options: Omit<PluginOptions, 'name'>): string | undefined {
  for (const key of ['controllers', 'providers', 'imports'] as const) {
    const list: unknown = options[key] ?? []
    if (!Array.isArray(list)) return `its "${key}" is no list.`
    const place = list.findIndex((each) => each === undefined || each === null)
    if (place >= 0) return `place ${place + 1} of its "${key}" is empty.`
  }
  return undefined
}

function checkName(name: unknown, place: string): ApiError | undefined {
  if (typeof name !== 'string' || name === '') {
    return createError('plugin.assert.no_name_provided', place).with({ hint: 'Give @Plugin a name.' })
  }
  if (NAME.test(name)) return undefined
  return createError('plugin.assert.invalid_plugin_name', name).with({ hint: 'Write lower-case letters, digits and dashes, a letter first.' })
}

/** Where nothing is compiled, nothing else tells of a slip in a name. */
function checkKeys(options: PluginOptions): ApiError[] {
  return Object.keys(options).filter((key) => !OPTIONS.includes(key)).map((key) =>
    createError('plugin.assert.cannot_load', options.name, `@Plugin has no option "${key}".`).with({ hint: `Did you mean "${closest(key, OPTIONS)}"?` }))
}

function checkHost({ name, host }: PluginOptions, version: string): ApiError | undefined {
  if (host === undefined) return undefined
  if (validRange(host) === null) {
    return createError('plugin.assert.cannot_load', name, `"${host}" is no range of versions.`).with({ hint: 'Give @Plugin a range such as "^0.1.0" as host.' })
  }
  if (satisfies(version, host, { includePrerelease: true })) return undefined
  return createError('plugin.runtime.incompatible', name, host, version).with({ hint: 'Use a version of the plugin that is made for this host.' })
}

function checkSchema({ name, config }: PluginOptions): ApiError | undefined {
  if (config === undefined || typeof config['~standard']?.validate === 'function') return undefined
  return createError('plugin.assert.cannot_load', name, 'its "config" is no schema.').with({ hint: 'Give @Plugin a Standard Schema as config, such as one of zod.' })
}

function checkContent(plugin: Class, options: PluginOptions): ApiError | undefined {
  const { listeners, schedules, protocol } = readMarks(plugin) ?? {}
  const isAlive = LIFECYCLE.some((method) => typeof (plugin.prototype as Record<string, unknown>)[method] === 'function')
  const { providers, controllers, imports, securities = {} } = options
  if (isAlive || protocol || [providers, controllers, imports, listeners, schedules, Object.keys(securities)].some((list) => list?.length)) return undefined
  return createError('plugin.assert.cannot_load', options.name, 'it does nothing.').with({ hint: 'Give it a @Hook, a @Pipe, a @Cron or a controller.' })
}

function checkController(type: Class): ApiError[] {
  const { controller, actions = [] } = readMarks(type) ?? {}
  const refuse = (fault: string, hint: string): ApiError[] => [createError('plugin.assert.invalid_controller_definition', controller?.name ?? type.name, fault).with({ place: type.name, hint })]
  if (!controller) {
    return Reflect.hasMetadata(NEST_PATH, type)
      ? refuse('its decorators are those of Nest', 'Import Controller, Get, Post … from "@mortise/sdk".')
      : refuse('its class is not decorated', `Put @Controller('…') before class ${type.name}.`)
  }
  if (typeof controller.name !== 'string' || controller.name === '') return refuse('it has no name', 'Give @Controller a name.')
  const odd = findOddName(controller, actions)
  if (odd !== undefined) return refuse(`"${odd}" cannot be part of an action's name`, 'Use letters, digits, dashes and underscores.')
  if (actions.length === 0) return refuse('it has no action', 'Mark a method with @Action or @Get.')
  const twin = actions.find(({ name }, index) => actions.findIndex((other) => other.name === name) !== index)
  return twin ? refuse(`two methods are the action "${twin.name}"`, 'Give one of them another name.') : []
}

/** A global controller goes by whatever name it likes. */
const findOddName = (controller: NonNullable<Marks['controller']>, actions: readonly ActionMark[]): string | undefined =>
  [...controller.global ? [] : [controller.name], ...actions.map(({ name }) => name)].find((name) => !PART.test(name))

function checkOther(type: Class, plugin: string): ApiError[] {
  const { controller, actions: [action] = [] } = readMarks(type) ?? {}
  if (controller) {
    return [createError('plugin.assert.invalid_controller_definition', controller.name, 'it is not listed as one').with({ place: type.name, hint: `List ${type.name} under controllers of @Plugin.` })]
  }
  if (!action) return []
  return [createError('plugin.controller.invalid_action', plugin, type.name, action.name)
    .with({ place: `${type.name}.${action.method}`, hint: `Move it to a class with @Controller that is listed under controllers of @Plugin: ${type.name} is none.` })]
}

function checkFilters(type: Class): ApiError[] {
  return (readMarks(type)?.listeners ?? []).flatMap(({ kind, event, method, options: { where } }) => {
    const fault = where && findFilterFault(where)
    return fault ? [fault.with({ place: `${type.name}.${method}`, hint: `Correct the "where" of @${kind === 'hook' ? 'Hook' : 'Pipe'}('${event}').` })] : []
  })
}

/** Whether a decorator stands before the class itself, for which the compiler records the types of its constructor. */
function isDecorated(type: Class): boolean {
  const { plugin, controller, strategy, protocol } = readMarks(type) ?? {}
  return [plugin, controller, strategy, protocol].some((mark) => mark !== undefined)
}

/** Nest would inject nothing at all where the compiler recorded nothing. */
function checkInjection(type: Class, plugin: string): ApiError[] {
  const refuse = (parameter: string, hint: string): ApiError => loaderErrors.unresolved_dependency(plugin, type.name, parameter).with({ place: type.name, hint })
  const parameters = parametersOf(type)
  if (!parameters) return [refuse('the constructor\'s parameters', `${isDecorated(type) ? 'Compile' : `Put @Injectable() before class ${type.name}, and compile`} with "emitDecoratorMetadata", so that their types are recorded.`)]
  return parameters.filter(({ token }) => token === undefined || token === Object)
    .map(({ index }) => refuse(`constructor parameter ${index + 1}`, 'Declare a class as its type, and import that class by value: "import type" leaves nothing to inject.'))
}
