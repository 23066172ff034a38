import { createError, type ApiError, type JsonSchema, type Request, type StandardIssue, type StandardResult, type StandardSchemaV1 } from '@mortise/sdk'
import { isThenable } from '@app/supervision'
import { textReaders, type TextReader } from './text-readers.js'

/** An action that is also given its input, checked. */
export type CheckedAction = (request: Request, input?: unknown) => unknown

/** What every request carries; no action's to declare. */
const ENVELOPE: ReadonlySet<string> = new Set(['requestId', 'timestamp', 'triggerEvents'])

/**
 * An action that runs only on input that fits: it is given what the schema
 * makes of arguments and body, and the request's own getters read that too.
 *
 * @throws `api.assert.invalid_argument` (400) with `errors`: path and message of each fault.
 */
export function checkInput(schema: StandardSchemaV1, described: JsonSchema, action: CheckedAction): (request: Request) => unknown {
  const readers = textReaders(described)
  return (request) => {
    const run = (result: StandardResult<unknown>): unknown => {
      if (result.issues) throw refuse(result.issues)
      accept(request, result.value)
      return action(request, result.value)
    }
    const result = schema['~standard'].validate(inputOf(request, readers))
    return isThenable(result) ? result.then(run as (value: unknown) => unknown) : run(result)
  }
}

function inputOf({ input, context }: Request, readers: readonly (readonly [string, TextReader])[]): Record<string, unknown> {
  const value: Record<string, unknown> = {}
  for (const name in input.args) {
    if (!ENVELOPE.has(name)) value[name] = input.args[name]
  }
  if (input.body !== null) value.body = input.body
  if (context.connection.protocol !== 'http') return value
  for (const [name, read] of readers) {
    if (Object.hasOwn(value, name)) value[name] = read(value[name])
  }
  return value
}

/** Defaults and conversions show in the request as well; arguments that the schema drops stay there, for pipes. */
function accept({ input }: Request, value: unknown): void {
  const { body, ...args } = value as Record<string, unknown>
  Object.assign(input.args, args)
  if (typeof body === 'object') input.body = body
}

function refuse(issues: readonly StandardIssue[]): ApiError {
  const errors = issues.map(({ message, path = [] }) => ({ path: pathOf(path), message }))
  const { path, message } = errors[0] as { path: string; message: string }
  const error = createError('api.assert.invalid_argument', path, message)
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
  error.message = `${path === '' ? 'Invalid arguments' : `Invalid argument "${path}"`}: ${message}${more}`
  return Object.assign(error, { errors, count: errors.length })
}

/** As the getters of requests write it: `body.items.0.price`. */
export const pathOf = (path: NonNullable<StandardIssue['path']>): string =>
  path.map((key) => String(typeof key === 'object' ? key.key : key)).join('.')
