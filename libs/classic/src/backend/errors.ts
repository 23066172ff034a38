import { format } from 'node:util'
import { createError, errorClasses, isErrorId, type ApiError, type ErrorClassName, type ErrorId } from '@mortise/sdk'
import type { Stage } from './stage.js'

/** An error as an application describes it. `message` takes a `%s` for each fact. */
export interface CustomErrorDefinition {
  readonly class: ErrorClassName
  readonly message: string
  readonly description?: string
}

type Facts = unknown[]

/** Applications' domains follow those of the host. */
const FIRST_DOMAIN = 0x10

/** `app.errors`: the host's errors by name, and the application's own beside them, with ids `<domain>.<subdomain>.<name>`. */
export class ApplicationErrors {
  readonly #own = new Map<string, { code: number; definition: CustomErrorDefinition }>()
  readonly #domains: string[] = []
  readonly #subdomains: string[] = []

  constructor(private readonly stage: Stage) {}

  /**
   * Declares an error.
   *
   * @throws `plugin.manifest.invalid_errors` for a name that is taken, a class that does not exist or a message that is no text;
   * `plugin.runtime.already_started`
   */
  register(domain: string, subdomain: string, name: string, definition: CustomErrorDefinition): void {
    this.stage.refuseWhenStarted('errors')
    const id = `${domain}.${subdomain}.${name}`
    const fault = this.#faultOf(id, definition)
    if (fault) throw createError('plugin.manifest.invalid_errors', 'the application', `"${id}" ${fault}`).with({ place: 'app.errors.register' })
    const code = (position(this.#domains, domain) + FIRST_DOMAIN) * 2 ** 24 + ((position(this.#subdomains, `${domain}.${subdomain}`) + 1) << 16) + this.#own.size + 1
    this.#own.set(id, { code, definition })
  }

  /** Makes an error; facts fill in its message. What nobody declared is `core.fatal.unexpected_error`. */
  get(domain: string, subdomain: string, name: string, ...facts: Facts): ApiError {
    const id = `${domain}.${subdomain}.${name}`
    const own = this.#own.get(id)
    if (!own) return createError(isErrorId(id) ? id : 'core.fatal.unexpected_error', ...(isErrorId(id) ? facts : [`no error is declared as "${id}"`]) as [never])
    const type = errorClasses[own.definition.class] as new (message: string, id: string, code: number) => ApiError
    return Object.assign(new type(format(own.definition.message, ...facts), id, own.code), { props: facts })
  }

  /** The same, with the stack of another error, which stays its cause. */
  getFrom(source: Error, domain: string, subdomain: string, ...[name, ...facts]: [name: string, ...facts: Facts]): ApiError {
    const error = this.get(domain, subdomain, name, ...facts)
    Object.defineProperty(error, 'cause', { value: source, configurable: true, writable: true })
    error.stack = source.stack ?? error.stack
    return error
  }

  #faultOf(id: ErrorId | string, { class: type, message }: CustomErrorDefinition): string | undefined {
    if (isErrorId(id) || this.#own.has(id)) return 'is declared already'
    if (!Object.hasOwn(errorClasses, type)) return `has the class "${type}", which is none of ${Object.keys(errorClasses).join(', ')}`
    return typeof message === 'string' ? undefined : 'has no message'
  }
}

/** Where a name stands in a list, which it is added to when it is new. */
function position(names: string[], name: string): number {
  if (!names.includes(name)) names.push(name)
  return names.indexOf(name)
}
