import { ApiError, errorClasses } from '@mortise/sdk'

/** Anything thrown, made of what can be cloned. */
export type WireError = PackedError | { readonly thrown: unknown }

interface PackedError {
  /** Of an error of the SDK, the name of its class there. */
  readonly name: string
  readonly isApi: boolean
  readonly message: string
  readonly stack?: string
  /** Own properties: id, code, props, what a plugin added. */
  readonly fields: Readonly<Record<string, unknown>>
  readonly cause?: WireError
}

/** Causes may form a ring. */
const DEEPEST_CAUSE = 5

/** Makes anything thrown ready to be cloned. Properties that cannot be are left out. */
export function packError(thrown: unknown, depth = 0): WireError {
  if (!(thrown instanceof Error) && !ApiError.is(thrown)) return { thrown: isCloneable(thrown) ? thrown : describe(thrown) }
  const { name, message, stack, cause, ...own } = thrown
  const fields = Object.entries(own).map(([key, value]) => [key, plain(value)]).filter(([, value]) => isCloneable(value))
  return {
    name: thrown.name, isApi: ApiError.is(thrown), message: thrown.message, stack: thrown.stack, fields: Object.fromEntries(fields) as PackedError['fields'],
    ...(thrown.cause !== undefined && depth < DEEPEST_CAUSE && { cause: packError(thrown.cause, depth + 1) }),
  }
}

/** Makes of it what was thrown: the same class, id, status, code, message, props and stack. */
export function unpackError(packed: WireError): unknown {
  if ('thrown' in packed) return packed.thrown
  const error = packed.isApi ? createApiError(packed) : new Error(packed.message)
  Object.assign(error, packed.fields)
  const own = { name: packed.name, message: packed.message, stack: packed.stack, ...(packed.cause && { cause: unpackError(packed.cause) }) }
  for (const [key, value] of Object.entries(own)) Object.defineProperty(error, key, { value, writable: true, configurable: true })
  return error
}

function createApiError({ name, message, fields: { status, id, code, errors } }: PackedError): ApiError {
  const catalogued = [id, code] as [string | undefined, number | undefined]
  if (!Object.hasOwn(errorClasses, name)) return new ApiError(message, status as number, ...catalogued)
  const type = errorClasses[name as keyof typeof errorClasses]
  if (errors !== undefined) return new (type as typeof errorClasses.PartialError)(message, errors as unknown[], ...catalogued)
  return new (type as typeof errorClasses.InternalError)(message, ...catalogued)
}

/** Errors in an error's list are told as clients will read them. */
const plain = (value: unknown): unknown =>
  Array.isArray(value) ? value.map((item: unknown) => (ApiError.is(item) ? item.toJSON() : item)) : value

/** Whether a value can cross at all. */
export function isCloneable(value: unknown): boolean {
  try {
    structuredClone(value)
    return true
  } catch (error) {
    return (error as Error).name !== 'DataCloneError'
  }
}

/** What cannot be cloned may not even be printable. */
function describe(thrown: unknown): string {
  return Object.prototype.toString.call(thrown)
}
