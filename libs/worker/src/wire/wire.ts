import { packError, unpackError, type WireError } from './error.format.js'
import type { Port } from './port.js'

/** What can be called over a wire: methods by name, their arguments and answers made of what can be cloned. */
type Calls<T> = { readonly [Name in keyof T]: (...values: never[]) => unknown }

/** What answers those calls, at once or later. */
export type Handlers<T extends Calls<T>> = { readonly [Name in keyof T]: (...values: Parameters<T[Name]>) => ReturnType<T[Name]> | Promise<ReturnType<T[Name]>> }

/** Somebody calls; without an id nobody waits for the answer. */
interface CallMessage {
  readonly call: string
  readonly id?: number
  readonly values: readonly unknown[]
}

interface AnswerMessage {
  readonly id: number
  readonly value?: unknown
  readonly error?: WireError
}

interface Waiting {
  resolve(value: unknown): void
  reject(error: unknown): void
}

/** Something that was to be sent holds what cannot be cloned: a function, a stream, a socket. */
export class CrossingError extends Error {
  override readonly name = 'CrossingError'

  /** Also holds for one that was thrown at the other end. */
  static is(value: unknown): value is CrossingError {
    return value instanceof Error && value.name === 'CrossingError'
  }
}

/**
 * Calls over a port, in both directions: `Mine` are answered here, `Theirs`
 * at the other end. Answers may come in any order.
 */
export class Wire<Mine extends Calls<Mine>, Theirs extends Calls<Theirs>> {
  readonly #waiting = new Map<number, Waiting>()
  #calls = 0
  #end: (() => Error) | undefined

  constructor(private readonly port: Port, private readonly handlers: Handlers<Mine>) {
    port.onMessage((message) => {
      if ('call' in (message as object)) void this.#answer(message as CallMessage)
      else this.#settle(message as AnswerMessage)
    })
  }

  /** How many calls have not been answered yet. */
  get load(): number {
    return this.#waiting.size
  }

  /**
   * Calls the other end and resolves to what it answers.
   *
   * @throws what was thrown there, with everything that makes an error of the SDK what it is.
   * @throws {@link CrossingError} when arguments or answer cannot be cloned.
   */
  call<Name extends keyof Theirs & string>(name: Name, ...values: Parameters<Theirs[Name]>): Promise<ReturnType<Theirs[Name]>> {
    return new Promise((resolve, reject) => {
      if (this.#end) return reject(this.#end())
      const id = ++this.#calls
      this.#send({ call: name, id, values })
      this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject })
    })
  }

  /** Calls without waiting for an answer. @throws {@link CrossingError} */
  tell<Name extends keyof Theirs & string>(name: Name, ...values: Parameters<Theirs[Name]>): void {
    if (!this.#end) this.#send({ call: name, values })
  }

  /** Ends all that waits, and whatever is called from now on, with an error made for each. */
  cut(makeError: () => Error): void {
    this.#end = makeError
    for (const { reject } of this.#waiting.values()) reject(makeError())
    this.#waiting.clear()
  }

  async #answer({ call, id, values }: CallMessage): Promise<void> {
    try {
      const value = await (this.handlers[call as keyof Mine] as (...given: unknown[]) => unknown)(...values)
      if (id !== undefined) this.#send({ id, value })
    } catch (thrown) {
      if (id === undefined) throw thrown
      this.#send({ id, error: packError(thrown) })
    }
  }

  #settle({ id, value, error }: AnswerMessage): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (error) waiting?.reject(unpackError(error))
    else waiting?.resolve(value)
  }

  #send(message: CallMessage | AnswerMessage): void {
    try {
      this.port.send(message)
    } catch (error) {
      throw new CrossingError((error as Error).message)
    }
  }
}
