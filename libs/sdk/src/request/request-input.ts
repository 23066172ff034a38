import { BadRequestError, InternalError } from '../errors/index.js'

/** A body: parsed JSON, a form's fields, or nothing. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape of a body is its sender's
export type Body = any

/** A request as it comes from a client: known keys, and arguments of the action beside them. */
export interface RequestData {
  requestId?: string | null
  controller?: string | null
  action?: string | null
  index?: string
  collection?: string
  _id?: string
  body?: Body
  volatile?: Record<string, unknown> | null
  jwt?: string | null
  timestamp?: number
  [argument: string]: unknown
}

/** Arguments by name: path parameters, query string, and keys of a frame that mean nothing else. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- arguments are read through the typed getters
export type Arguments = Record<string, any>

/** `_id`, `index` and `collection`, kept in the arguments and shown here as well. */
export class RequestResource {
  readonly #args: Arguments

  constructor(args: Arguments) {
    this.#args = args
    Object.seal(this)
  }

  get _id(): string | undefined { return this.#args._id }
  set _id(id: string | undefined) { this.#args._id = id }
  get index(): string | undefined { return this.#args.index }
  set index(index: string | undefined) { this.#args.index = index }
  get collection(): string | undefined { return this.#args.collection }
  set collection(collection: string | undefined) { this.#args.collection = collection }
}

/**
 * What a client asks for. `controller` and `action` can be set once and then
 * stay, so that no argument and no pipe can send a request elsewhere.
 */
export class RequestInput<B = Body> {
  args: Arguments
  headers: Record<string, string | string[] | undefined> | undefined
  triggerEvents: boolean | undefined
  #controller: string | null = null
  #action: string | null = null
  #jwt: string | null = null
  #volatile: Record<string, unknown> | null = null
  #body: B | null = null
  #resource: RequestResource | undefined

  /** @throws BadRequestError when a known key holds a value of the wrong type. */
  constructor(data: RequestData) {
    if (!isObject(data)) throw new InternalError('A request must be an object.')
    this.args = {}
    this.headers = undefined
    this.triggerEvents = data.triggerEvents === true ? true : undefined
    for (const key in data) {
      if (!FIELDS.has(key)) this.args[key] = data[key]
    }
    if (data.controller !== undefined) this.controller = data.controller
    if (data.action !== undefined) this.action = data.action
    if (data.jwt !== undefined) this.jwt = data.jwt
    if (data.volatile !== undefined) this.volatile = data.volatile
    if (data.body !== undefined) this.body = data.body
    Object.seal(this)
  }

  get controller(): string | null { return this.#controller }
  set controller(name: string | null) { this.#controller ??= optionalString('controller', name) }

  get action(): string | null { return this.#action }
  set action(name: string | null) { this.#action ??= optionalString('action', name) }

  get jwt(): string | null { return this.#jwt }
  set jwt(jwt: string | null) { this.#jwt = optionalString('jwt', jwt) }

  get volatile(): Record<string, unknown> | null { return this.#volatile }
  set volatile(volatile: Record<string, unknown> | null) {
    if (volatile !== null && volatile !== undefined && !isObject(volatile)) throw wrongType('volatile', '"object"')
    this.#volatile = volatile ?? null
  }

  get body(): B | null { return this.#body }
  set body(body: B | null) {
    if (body !== null && body !== undefined && typeof body !== 'object') throw wrongType('body', '"object" or "array"')
    this.#body = body ?? null
  }

  /** A live view of `args._id`, `args.index` and `args.collection`. */
  get resource(): RequestResource {
    return (this.#resource ??= new RequestResource(this.args))
  }
}

const FIELDS: ReadonlySet<string> = new Set(['jwt', 'volatile', 'body', 'controller', 'action', '__proto__'])

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function optionalString(name: string, value: string | null | undefined): string | null {
  if (value === null || value === undefined) return null
  if (typeof value !== 'string') throw wrongType(name, '"string"')
  return value
}

/** A malformed field is the client's fault and carries no id, as the protocol has it. */
export function wrongType(name: string, expected: string): BadRequestError {
  return new BadRequestError(`Attribute ${name} must be of type ${expected}`)
}
