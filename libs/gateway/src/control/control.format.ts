import type { ErrorJson, Request } from '@mortise/sdk'
import { streamOf } from '../http/stream-result.js'
import { statusOf, writeJson } from '../envelope.js'

/** A line of the control socket that answers a request. */
interface ControlAnswer {
  readonly status: number
  /** As clients see it, with what only the owner of the host is told. */
  readonly error: (ErrorJson & { readonly hint?: string; readonly place?: string }) | null
  /** `null` when the chunks before were the result. */
  readonly result: unknown
}

/** A line before the answer, when the result is a stream: what it gave, as text. */
interface ControlChunk {
  readonly chunk: string
}

/** An answer as a line. What is no JSON is told as an error. */
export function writeAnswer({ status, error, result }: Request): string {
  const told = error && { ...error.toJSON(), hint: error.hint, place: error.place }
  try {
    return `${writeJson({ status: statusOf({ status } as Request), error: told, result: streamOf(result) ? null : result ?? null } satisfies ControlAnswer)}\n`
  } catch (fault) {
    return `${JSON.stringify({ status: 500, error: { status: 500, message: `The answer is no JSON: ${(fault as Error).message}` }, result: null } satisfies ControlAnswer)}\n`
  }
}

/** A chunk of a stream as a line. */
export const writeChunk = (chunk: unknown): string => `${JSON.stringify({ chunk: String(chunk) } satisfies ControlChunk)}\n`
