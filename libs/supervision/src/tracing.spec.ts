import { afterEach, describe, expect, test } from '@jest/globals'
import { metrics, trace, type Attributes, type BatchObservableCallback, type MeterProvider, type Observable, type TracerProvider } from '@opentelemetry/api'
import { RecordingLogger } from '../../../test/support/recording-logger.js'
import { observeCalls } from './observe-calls.js'
import { findOpenTelemetry } from './open-telemetry.js'
import { Supervisor } from './supervisor.js'

interface RecordedSpan {
  name: string
  attributes?: Attributes
  isEnded: boolean
  exception?: unknown
  status?: unknown
  chain?: unknown
}

/** A provider that keeps what is traced: no collector is installed here. */
function recordSpans(): RecordedSpan[] {
  const spans: RecordedSpan[] = []
  const startActiveSpan = (name: string, { attributes }: { attributes?: Attributes }, run: (span: unknown) => unknown): unknown => {
    const span: RecordedSpan = { name, attributes, isEnded: false }
    spans.push(span)
    return run({
      setAttribute: (key: string, value: unknown) => { if (key === 'mortise.chain') span.chain = value },
      end: () => { span.isEnded = true },
      recordException: (exception: unknown) => { span.exception = exception },
      setStatus: (status: unknown) => { span.status = status },
    })
  }
  trace.setGlobalTracerProvider({ getTracer: () => ({ startActiveSpan }) } as unknown as TracerProvider)
  return spans
}

afterEach(() => {
  trace.disable()
  metrics.disable()
})

const createSupervisor = () => new Supervisor({ logger: new RecordingLogger() })
const pipe = (handler: (...payload: unknown[]) => unknown) => ({ plugin: 'geo', listener: 'pipe Geo.locate on "a:*"', name: 'Geo.locate', handler })

describe('tracing', () => {
  test('leaves listeners alone where nobody has registered a provider', () => {
    const handler = (): unknown => 1
    expect(createSupervisor().pipe(pipe(handler), 'a:b').handler).toBe(handler)
  })

  test('does not ask for the library before somebody has registered with it, and finds it then', () => {
    delete (globalThis as Record<symbol, unknown>)[Symbol.for('opentelemetry.js.api.1')]
    expect(findOpenTelemetry()).toBeUndefined()
    recordSpans()
    expect(findOpenTelemetry()?.trace.getTracerProvider()).toHaveProperty('getDelegateTracer')
  })

  test.each([
    ['at once', () => 'done'],
    ['later', async () => 'done'],
  ])('makes a call that answers %s a span', async (_title, handler) => {
    const spans = recordSpans()
    expect(await createSupervisor().pipe(pipe(handler), 'a:b').handler('x')).toBe('done')
    expect(spans).toEqual([{ name: 'pipe a:b', isEnded: true, attributes: { 'mortise.plugin': 'geo', 'mortise.listener': 'Geo.locate', 'mortise.event': 'a:b' } }])
  })

  test.each([
    ['throws', () => { throw new Error('broken') }],
    ['rejects', async () => { throw new Error('broken') }],
  ])('notes what one that %s failed with, and throws it on', async (_title, handler) => {
    const spans = recordSpans()
    const { handler: traced } = createSupervisor().hook(pipe(handler), 'a:b')
    await expect((async () => traced())()).rejects.toThrow('broken')
    expect(spans).toEqual([expect.objectContaining({ name: 'hook a:b', isEnded: true, exception: expect.objectContaining({ message: 'broken' }), status: { code: 2 } })])
  })
})

test('a span says of what chain its call is part', () => {
  const spans = recordSpans()
  new Supervisor({ logger: new RecordingLogger(), joinChain: (call) => call('chain-1') }).pipe(pipe(() => 1), 'a:b').handler()
  expect(spans[0]?.chain).toBe('chain-1')
})

describe('metrics', () => {
  /** A provider whose collector reads when told to. */
  function recordMetrics() {
    const callbacks = new Set<BatchObservableCallback>()
    const create = (name: string): { name: string } => ({ name })
    const meter = {
      createObservableCounter: create, createObservableGauge: create,
      addBatchObservableCallback: (callback: BatchObservableCallback) => callbacks.add(callback),
      removeBatchObservableCallback: (callback: BatchObservableCallback) => callbacks.delete(callback),
    }
    metrics.setGlobalMeterProvider({ getMeter: () => meter } as unknown as MeterProvider)
    const collect = (): Record<string, [unknown, Attributes | undefined][]> => {
      const seen: Record<string, [unknown, Attributes | undefined][]> = {}
      const observe = (metric: Observable, value: number, attributes?: Attributes): void => void (seen[(metric as unknown as { name: string }).name] ??= []).push([value, attributes])
      for (const callback of callbacks) void callback({ observe } as never)
      return seen
    }
    return { callbacks, collect }
  }

  test('show what was counted when they are collected', () => {
    const { callbacks, collect } = recordMetrics()
    const supervisor = createSupervisor()
    const stop = observeCalls(supervisor)
    const breaker = { failures: 1 }
    const called = supervisor.pipe({ ...pipe(() => 'done'), budget: { breaker, concurrency: 1 } }, 'a:b')
    called.handler('x')
    supervisor.quarantine('shop', 'somebody said so')
    const attributes = { plugin: 'geo', kind: 'pipe', listener: 'Geo.locate', event: 'a:b' }
    const seen = collect()
    expect(seen['mortise.listener.calls']).toEqual([
      [1, { ...attributes, outcome: 'ok' }], [0, { ...attributes, outcome: 'refused' }], [0, { ...attributes, outcome: 'failed' }], [0, { ...attributes, outcome: 'skipped' }],
    ])
    expect(seen['mortise.listener.breaker']).toEqual([[0, attributes]])
    expect(seen['mortise.listener.waiting']).toEqual([[0, attributes]])
    expect(seen['mortise.plugin.quarantined']).toEqual([[0, { plugin: 'geo' }], [1, { plugin: 'shop' }]])
    expect(seen['mortise.listener.duration.p99']?.[0]?.[0]).toBeGreaterThan(0)
    stop()
    expect(callbacks.size).toBe(0)
  })
})
