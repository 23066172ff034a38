import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Api, Every, Hook, Pipe, Plugin, type Request } from '@mortise/sdk'
import { trace, type TracerProvider } from '@opentelemetry/api'
import { startHost, type StartedHost } from '../../support/start-host.js'
import { until } from '../../support/until.js'

interface NamedSpan { readonly name: string; chain?: unknown }

/** A provider that keeps what is traced: no collector is installed here. */
const spans: NamedSpan[] = []
const startActiveSpan = (name: string, _options: object, run: (span: unknown) => unknown): unknown => {
  const span: NamedSpan = { name }
  spans.push(span)
  return run({ setAttribute: (_key: string, value: unknown) => { span.chain = value }, end: () => undefined, recordException: () => undefined, setStatus: () => undefined })
}

@Plugin({ name: 'stamp' })
class Stamp {
  constructor(private readonly api: Api) {}

  @Pipe('document:beforeCreate')
  async count(request: Request) {
    await this.api.call({ controller: 'server', action: 'now' }, { events: true })
    return request
  }

  @Hook('document:afterCreate', { durable: true })
  keep() { return this.api.call({ controller: 'server', action: 'now' }, { events: true }) }

  @Every('1s')
  look() { return this.api.call({ controller: 'server', action: 'now' }, { events: true }) }
}

@Plugin({ name: 'listener' })
class Listener {
  @Hook('server:afterNow')
  hear() { /* its span is what counts */ }
}

let host: StartedHost
beforeAll(async () => {
  trace.setGlobalTracerProvider({ getTracer: () => ({ startActiveSpan }) } as unknown as TracerProvider)
  host = await startHost({ plugins: [Stamp, Listener] })
})
afterAll(async () => {
  await host.close()
  trace.disable()
})

/** Whether what the span of that name caused is told under the same chain. */
const isFollowed = (name: string): boolean =>
  spans.some((span) => span.name === name && typeof span.chain === 'string' && spans.some((other) => other.name === 'hook server:afterNow' && other.chain === span.chain))

test.each(['pipe document:beforeCreate', 'delivery document:afterCreate', 'run scheduled:Stamp.look'])('the span of %s, a first step, names the chain of what it causes', async (name) => {
  await host.ask('POST', '/shop/_create')
  await host.ask('PUT', '/shop/orders')
  expect((await host.ask('POST', '/shop/orders/_create', { body: { n: 1 } })).status).toBe(200)
  await until(() => spans, () => isFollowed(name), 20_000)
  expect(spans.every(({ chain }) => typeof chain === 'string')).toBe(true)
})
