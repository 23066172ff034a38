import { createError, defineErrors, type ApiError, type ErrorDefinition } from '@mortise/sdk'

/** `context.errorsManager`, also called `kerror`: makes the errors that the plugin's manifest declares, by name. */
export interface PluginErrors {
  get(name: string, ...facts: unknown[]): ApiError
  /** With the message and stack of another error. */
  getFrom(cause: Error, name: string, ...facts: unknown[]): ApiError
  throw(name: string, ...facts: unknown[]): never
  throwFrom(cause: Error, name: string, ...facts: unknown[]): never
  reject(name: string, ...facts: unknown[]): Promise<never>
  rejectFrom(cause: Error, name: string, ...facts: unknown[]): Promise<never>
}

/**
 * Their ids are `plugin.<plugin>.<name>`; a name that is not declared gives
 * `core.fatal.unexpected_error`.
 *
 * @throws `plugin.manifest.invalid_errors`
 */
export function pluginErrorsOf(plugin: string, definitions: Readonly<Record<string, ErrorDefinition>>): PluginErrors {
  const factories: Record<string, (...facts: never[]) => ApiError> = defineErrors(plugin, definitions)
  const get = (name: string, ...facts: unknown[]): ApiError => {
    const factory = Object.hasOwn(factories, name) ? factories[name] : undefined
    return factory ? factory(...(facts as never[])) : createError('core.fatal.unexpected_error', `plugin "${plugin}" declares no error "${name}"`)
  }
  const getFrom = (cause: Error, name: string, ...facts: unknown[]): ApiError => {
    const error = get(name, ...facts)
    Object.defineProperty(error, 'cause', { value: cause, configurable: true, writable: true })
    error.stack = cause.stack ?? error.stack
    return error
  }
  return {
    get,
    getFrom,
    throw: (...given) => { throw get(...given) },
    throwFrom: (...given) => { throw getFrom(...given) },
    reject: (...given) => Promise.reject(get(...given)),
    rejectFrom: (...given) => Promise.reject(getFrom(...given)),
  }
}
