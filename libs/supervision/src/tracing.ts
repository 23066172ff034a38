import { SpanStatusCode, trace, type Attributes, type Span, type Tracer } from '@opentelemetry/api'
import { isThenable } from './blame.js'

type Handler = (...payload: unknown[]) => unknown

/** The instrumentation scope of spans and metrics. */
export const SCOPE = 'mortise'

/** A tracer, if anybody has registered a provider: spans that nobody collects cost as much as others. */
export function findTracer(): Tracer | undefined {
  // The API hands out a stand-in, which alone knows whether somebody stands behind it.
  const provider = trace.getTracerProvider() as { getDelegateTracer?: (name: string) => Tracer | undefined }
  return provider.getDelegateTracer ? provider.getDelegateTracer(SCOPE) : trace.getTracer(SCOPE)
}

/** What spans of one listener say. */
interface TracedCall {
  readonly name: string
  readonly attributes: Attributes
  /** The chain that a call is part of; what begins one has none yet. */
  readonly chainId?: () => string | undefined
}

/** Makes each call of a handler a span, below the one that is active. What it throws is noted there, and thrown on. */
export function traceCalls(tracer: Tracer, { name, attributes, chainId }: TracedCall, handler: Handler): Handler {
  return (...payload) => tracer.startActiveSpan(name, { attributes }, (span) => {
    const chain = chainId?.()
    if (chain !== undefined) span.setAttribute('mortise.chain', chain)
    const fail = (thrown: unknown): never => failSpan(span, thrown)
    try {
      const answer = handler(...payload)
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
  span.setStatus({ code: SpanStatusCode.ERROR })
  span.end()
  throw thrown
}
