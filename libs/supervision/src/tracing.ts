import type { Attributes, Span, SpanStatusCode, Tracer } from '@opentelemetry/api'
import { isThenable } from './blame.js'
import { findOpenTelemetry } from './open-telemetry.js'

type Handler = (...payload: unknown[]) => unknown

/** The instrumentation scope of spans and metrics. */
export const SCOPE = 'mortise'

/** `SpanStatusCode.ERROR`. */
const ERROR: SpanStatusCode.ERROR = 2

/** A tracer, if anybody has registered a provider: spans that nobody collects cost as much as others. */
export function findTracer(): Tracer | undefined {
  const trace = findOpenTelemetry()?.trace
  if (!trace) return undefined
  // The API hands out a stand-in, which alone knows whether somebody stands behind it.
  const provider = trace.getTracerProvider() as { getDelegateTracer?: (name: string) => Tracer | undefined }
  return provider.getDelegateTracer ? provider.getDelegateTracer(SCOPE) : trace.getTracer(SCOPE)
}

/** Makes a call that is part of a chain, or begins one, and hands it the chain's id. The call is made at once. */
export type JoinChain = <T>(call: (chain: string) => T) => T

/** What spans of one listener say. */
interface TracedCall {
  readonly name: string
  readonly attributes: Attributes
  /** Without it, spans name no chain. */
  readonly joinChain?: JoinChain
}

/** Makes each call of a handler a span, below the one that is active. What it throws is noted there, and thrown on. */
export function traceCalls(tracer: Tracer, { name, attributes, joinChain }: TracedCall, handler: Handler): Handler {
  return (...payload) => tracer.startActiveSpan(name, { attributes }, (span) => {
    const fail = (thrown: unknown): never => failSpan(span, thrown)
    const call = (chain: string): unknown => {
      span.setAttribute('mortise.chain', chain)
      return handler(...payload)
    }
    try {
      const answer = joinChain ? joinChain(call) : handler(...payload)
      if (isThenable(answer)) return Promise.resolve(answer).then((value) => endSpan(span, value), fail)
      return endSpan(span, answer)
    } catch (thrown) {
      return fail(thrown)
    }
  })
}

function endSpan<T>(span: Span, answer: T): T {
  span.end()
  return answer
}

function failSpan(span: Span, thrown: unknown): never {
  span.recordException(thrown instanceof Error ? thrown : String(thrown))
  span.setStatus({ code: ERROR })
  span.end()
  throw thrown
}
