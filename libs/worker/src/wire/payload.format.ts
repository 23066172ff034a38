import { packError, unpackError, type WireError } from './error.format.js'
import { arrivalOf, isRequest, packRequest, packState, unpackRequest, unpackState, type RequestState, type WireRequest } from './request.format.js'

/** A value as it crosses: requests and errors, also as fields of an object, keep what a plain clone would drop. */
export type WireValue =
  | { readonly plain: unknown }
  | { readonly request: WireRequest }
  | { readonly error: WireError }
  | { readonly fields: Readonly<Record<string, WireValue>> }
  /** One of the values that the call was made with. */
  | { readonly given: number }

/** What came of a call that was made with a payload. */
export interface PayloadAnswer {
  readonly value?: WireValue
  readonly error?: WireError
  /** What became of the requests in the payload; nothing stands for other values. */
  readonly states: readonly (RequestState | undefined)[]
}

export const packPayload = (payload: readonly unknown[]): WireValue[] => payload.map((value) => packValue(value))

/**
 * Calls `handler` with a payload that came over. What it yields or throws is
 * sent back, and with it the changes it made to the requests it was given.
 */
export async function answerPayload(packed: readonly WireValue[], handler: (...payload: unknown[]) => unknown): Promise<PayloadAnswer> {
  const payload = packed.map((value) => unpackValue(value))
  const arrivals = payload.map((value) => (isRequest(value) ? arrivalOf(value) : undefined))
  const states = (): PayloadAnswer['states'] => payload.map((value, at) => (isRequest(value) ? packState(value, arrivals[at]) : undefined))
  try {
    const value = packValue(await handler(...payload), payload)
    return { value, states: states() }
  } catch (thrown) {
    return { error: packError(thrown), states: states() }
  }
}

/** Brings the changes to the requests that the call was made with, and yields what it yielded. @throws what it threw */
export const takeAnswer = (answer: PayloadAnswer, payload: readonly unknown[]): unknown => readAnswer(answer, payload)()

/** The same in two steps: reads the answer, and returns what yields or throws what it holds. @throws for what is no answer */
export function readAnswer({ value, error, states }: PayloadAnswer, payload: readonly unknown[]): () => unknown {
  states.forEach((state, at) => {
    const request = payload[at]
    if (state && isRequest(request)) unpackState(request, state)
  })
  const held = error ? unpackError(error) : value && unpackValue(value, payload)
  return () => {
    if (error) throw held
    return held
  }
}

export function packValue(value: unknown, given: readonly unknown[] = []): WireValue {
  const at = isRequest(value) ? given.indexOf(value) : -1
  if (at >= 0) return { given: at }
  if (isRequest(value)) return { request: packRequest(value) }
  if (value instanceof Error) return { error: packError(value) }
  if (isPlainObject(value) && Object.values(value).some((field) => isRequest(field) || field instanceof Error)) {
    return { fields: Object.fromEntries(Object.entries(value).map(([key, field]) => [key, packValue(field)])) }
  }
  return { plain: value }
}

export function unpackValue(packed: WireValue, given: readonly unknown[] = []): unknown {
  if ('plain' in packed) return packed.plain
  if ('given' in packed) return given[packed.given]
  if ('request' in packed) return unpackRequest(packed.request)
  if ('error' in packed) return unpackError(packed.error)
  return Object.fromEntries(Object.entries(packed.fields).map(([key, field]) => [key, unpackValue(field)]))
}

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
