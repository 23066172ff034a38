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

/** Told once that the other end says what makes no sense, which ends the wire. */
export type OnGarbage = (fault: Error) => void

/** Where nobody is prepared for it, it is an error that nobody catches. */
const throwLater: OnGarbage = (fault) => {
  queueMicrotask(() => { throw fault })
}

/**
 * Calls over a port, in both directions: `Mine` are answered here, `Theirs`
 * at the other end. Answers may come in any order.
 *
 * Nothing that arrives throws here: what is no call of `Mine` and no answer,
 * and a call that nobody waits for and that fails, is told to `onGarbage`, and
 * whatever comes after it is not looked at.
 */
export class Wire<Mine extends Calls<Mine>, Theirs extends Calls<Theirs>> {
  readonly #waiting = new Map<number, Waiting>()
  #calls = 0
  #end: (() => Error) | undefined

  #isBroken = false

  constructor(private readonly port: Port, private readonly handlers: Handlers<Mine>, private readonly onGarbage: OnGarbage = throwLater) {
    port.onMessage((message) => this.#receive(message), (fault) => this.#break(fault))
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

  #receive(message: unknown): void {
    if (this.#isBroken) return
    if (isCall(message)) void this.#answer(message)
    else if (isAnswer(message)) this.#settle(message)
    else this.#break(new Error('it sent what is neither a call nor an answer'))
  }

  async #answer({ call, id, values }: CallMessage): Promise<void> {
    try {
      if (!Object.hasOwn(this.handlers, call)) throw new Error(`it called "${call}", which there is not`)
      const value = await (this.handlers[call as keyof Mine] as (...given: unknown[]) => unknown)(...values)
      if (id !== undefined) this.#send({ id, value })
    } catch (thrown) {
      if (id === undefined) this.#break(thrown instanceof Error ? thrown : new Error(String(thrown)))
      else this.#sendError(id, thrown)
    }
  }

  #sendError(id: number, thrown: unknown): void {
    try {
      this.#send({ id, error: packError(thrown) })
    } catch (fault) {
      this.#break(fault as Error)
    }
  }

  #settle({ id, value, error }: AnswerMessage): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (error === undefined) return waiting?.resolve(value)
    try {
      waiting?.reject(unpackError(error))
    } catch (fault) {
      waiting?.reject(fault)
      this.#break(fault as Error)
    }
  }

  #break(fault: Error): void {
    if (this.#isBroken) return
    this.#isBroken = true
    this.onGarbage(fault)
  }

  #send(message: CallMessage | AnswerMessage): void {
    try {
      this.port.send(message)
    } catch (error) {
      throw new CrossingError((error as Error).message)
    }
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

const isCall = (message: unknown): message is CallMessage =>
  isRecord(message) && typeof message.call === 'string' && Array.isArray(message.values) && (message.id === undefined || typeof message.id === 'number')

const isAnswer = (message: unknown): message is AnswerMessage => isRecord(message) && !('call' in message) && typeof message.id === 'number'
