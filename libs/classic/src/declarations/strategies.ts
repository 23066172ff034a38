import { createError, type ApiError, type PassportStrategyClass, type StrategyMethods } from '@mortise/sdk'
import type { StrategyDefinition } from '@app/registry'
import { isConstructor, isRecord, type ClassicPlugin, type PluginFunction } from '../classic-plugin.js'
import { suggest } from '../suggest.js'

/** Whose strategies are read. */
export interface StrategyOwner {
  readonly name: string
  readonly place: string
  readonly plugin: ClassicPlugin
}

const REQUIRED = ['verify', 'exists', 'create', 'update', 'delete', 'validate'] as const
const OPTIONAL = ['getInfo', 'getById', 'afterRegister', 'search', 'refreshToken'] as const

/**
 * Reads `strategies` and the `authenticators` that they name.
 *
 * @throws `plugin.authenticators.*` and `plugin.strategy.invalid_*` naming plugin and strategy
 */
export function readStrategies(owner: StrategyOwner): StrategyDefinition[] {
  const { strategies } = owner.plugin
  readAuthenticators(owner)
  if (strategies === undefined || strategies === null) return []
  if (!isRecord(strategies)) throw fault(owner, '*', createError('plugin.strategy.invalid_description', owner.name))
  return Object.entries(strategies).map(([name, definition]) => readStrategy(owner, name, definition))
}

/** Reads one strategy, as {@link readStrategies} does: for those added at run time. */
export function readStrategy(owner: StrategyOwner, name: string, definition: unknown): StrategyDefinition {
  if (!isRecord(definition)) throw fault(owner, name, createError('plugin.strategy.invalid_definition', owner.name, name))
  const { config, methods } = definition
  if (!isRecord(methods)) throw fault(owner, name, createError('plugin.strategy.invalid_methods', owner.name, name))
  if (!isRecord(config)) throw fault(owner, name, createError('plugin.strategy.invalid_config', owner.name, name))
  return {
    name,
    strategy: readAuthenticator(owner, name, config),
    options: readOptions(owner, name, config, 'strategyOptions'),
    authenticateOptions: readOptions(owner, name, config, 'authenticateOptions'),
    fields: readFields(owner, name, config.fields),
    methods: readMethods(owner, name, methods),
  }
}

function readMethods(owner: StrategyOwner, strategy: string, methods: Record<string, unknown>): StrategyMethods {
  const declared = [...REQUIRED, ...OPTIONAL].filter((role) => REQUIRED.includes(role as never) || methods[role] !== undefined)
  return Object.fromEntries(declared.map((role) => [role, readMethod(owner, strategy, role, methods[role])])) as unknown as StrategyMethods
}

function readMethod(owner: StrategyOwner, strategy: string, role: string, name: unknown): PluginFunction {
  if (typeof name !== 'string') throw fault(owner, strategy, createError('plugin.strategy.invalid_method_type', owner.name, strategy, role))
  const method = owner.plugin[name]
  if (typeof method === 'function') return method.bind(owner.plugin) as PluginFunction
  throw fault(owner, strategy, createError('plugin.strategy.missing_method_function', owner.name, strategy, name))
}

/** The second generation names one of `authenticators`; the first gave the class itself. Every object inherits a `constructor`. */
function readAuthenticator(owner: StrategyOwner, strategy: string, config: Record<string, unknown>): PassportStrategyClass {
  const hasOwnClass = Object.hasOwn(config, 'constructor')
  if (config.authenticator === undefined && hasOwnClass) {
    if (isConstructor(config.constructor)) return config.constructor
    throw fault(owner, strategy, createError('plugin.strategy.invalid_constructor', owner.name, strategy))
  }
  if (hasOwnClass) throw fault(owner, strategy, createError('plugin.strategy.unexpected_constructor', owner.name, strategy))
  if (typeof config.authenticator !== 'string') throw fault(owner, strategy, createError('plugin.strategy.invalid_authenticator', owner.name, strategy))
  const authenticators = readAuthenticators(owner)
  const found = Object.hasOwn(authenticators, config.authenticator) ? authenticators[config.authenticator] : undefined
  if (found) return found
  const error = createError('plugin.strategy.unknown_authenticator', owner.name, strategy, config.authenticator)
  throw fault(owner, strategy, error, suggest(config.authenticator, Object.keys(authenticators)))
}

function readAuthenticators({ name, place, plugin }: StrategyOwner): Record<string, PassportStrategyClass> {
  const authenticators = plugin.authenticators ?? {}
  if (!isRecord(authenticators)) {
    throw createError('plugin.authenticators.not_an_object', name, typeof authenticators).with({ place: `${place} → authenticators` })
  }
  const wrong = Object.keys(authenticators).find((key) => !isConstructor(authenticators[key]))
  if (wrong !== undefined) throw createError('plugin.authenticators.invalid_authenticator', name, wrong).with({ place: `${place} → authenticators["${wrong}"]` })
  return authenticators as Record<string, PassportStrategyClass>
}

function readOptions(owner: StrategyOwner, strategy: string, config: Record<string, unknown>, key: string): Record<string, unknown> {
  const options = config[key] ?? {}
  if (isRecord(options)) return options
  throw fault(owner, strategy, createError('plugin.strategy.invalid_option', owner.name, strategy, key))
}

function readFields(owner: StrategyOwner, strategy: string, fields: unknown = []): string[] {
  if (Array.isArray(fields)) return fields as string[]
  throw fault(owner, strategy, createError('plugin.strategy.invalid_fields', owner.name, strategy))
}

const fault = ({ place }: StrategyOwner, strategy: string, error: ApiError, hint?: string): ApiError =>
  error.with({ place: `${place} → strategies["${strategy}"]`, hint })
