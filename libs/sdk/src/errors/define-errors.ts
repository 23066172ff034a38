import { format } from 'node:util'
import type { ApiError } from './api-error.js'
import { buildError, createError } from './create-error.js'
import type { ErrorArguments } from './create-error.js'
import { errorClasses } from './error-classes.js'
import type { ErrorClassName } from './error-classes.js'

const PLUGIN_DOMAIN = 0x04
const HIGHEST_CODE = 0xffff

/** An error of a plugin: what {@link defineErrors} takes, and what a manifest lists under `errors`. */
export interface ErrorDefinition {
  /** Unique among the errors of the plugin, 0 to 65,535. */
  readonly code: number
  readonly class: ErrorClassName
  /** A function of the facts, or a text with a `%s` for each of them. */
  readonly message: string | ((...facts: never[]) => string)
  readonly description?: string
}

type Message<Definition extends ErrorDefinition> = Definition['message'] extends string
  ? (...facts: unknown[]) => string
  : Definition['message']

/** One function for each declared error; it takes the facts of the message and makes the error. */
export type ErrorFactories<Definitions extends Record<string, ErrorDefinition>> = {
  readonly [Name in keyof Definitions]: (...facts: ErrorArguments<Definitions[Name]['class'], Message<Definitions[Name]>>) => ApiError
}

/**
 * Declares the errors of a plugin. Each gets the id `plugin.<plugin>.<name>`
 * and a code in the domain of plugins; the facts it is made of become `props`.
 *
 * @throws `plugin.manifest.invalid_errors` for a class that does not exist, and
 * for a code that is no whole number from 0 to 65,535 or is given twice.
 *
 * @example
 * const errors = defineErrors('shop', {
 *   out_of_stock: { code: 1, class: 'PreconditionError', message: (product: string, left: number) => `${left} of "${product}" left.` },
 * })
 * throw errors.out_of_stock('apple', 3)
 */
export function defineErrors<const Definitions extends Record<string, ErrorDefinition>>(
  plugin: string,
  definitions: Definitions,
): ErrorFactories<Definitions> {
  const entries = Object.entries(definitions)
  for (const [index, [name, definition]] of entries.entries()) {
    const fault = faultOf(definition, entries.slice(0, index))
    if (fault) throw createError('plugin.manifest.invalid_errors', plugin, `"${name}" ${fault}`)
  }
  const factories: Record<string, unknown> = Object.fromEntries(
    entries.map(([name, definition]) => [name, factoryOf(plugin, name, definition)]),
  )
  return factories as ErrorFactories<Definitions>
}

function factoryOf(plugin: string, name: string, definition: ErrorDefinition): (...facts: unknown[]) => ApiError {
  const { message } = definition
  const blueprint = {
    id: `plugin.${plugin}.${name}`,
    code: (PLUGIN_DOMAIN << 24) | definition.code,
    class: definition.class,
    message: typeof message === 'string' ? (...facts: unknown[]) => format(message, ...facts) : message,
  }
  return (...facts) => buildError(blueprint, facts)
}

/** Manifests are not compiled, so nothing about a definition is taken for granted. */
function faultOf({ code, class: type, message }: ErrorDefinition, earlier: [string, ErrorDefinition][]): string | undefined {
  const twin = earlier.find(([, other]) => other.code === code)
  const isInRange = Number.isInteger(code) && code >= 0 && code <= HIGHEST_CODE
  if (!isInRange) return `has the code ${code}, which is no whole number from 0 to ${HIGHEST_CODE}`
  if (twin) return `has the code ${code}, which "${twin[0]}" has already`
  if (!Object.hasOwn(errorClasses, type)) return `has the class "${type}", which is none of ${Object.keys(errorClasses).join(', ')}`
  if (typeof message !== 'string' && typeof message !== 'function') return 'has no message'
  return undefined
}
