import { createRequire } from 'node:module'

type OpenTelemetry = typeof import('@opentelemetry/api')

/** Where all copies of the API of this major version keep what is registered with one of them. Source: `internal/global-utils` of `@opentelemetry/api`. */
const REGISTERED = Symbol.for('opentelemetry.js.api.1')

const require = createRequire(import.meta.url)

/** OpenTelemetry's API, once somebody has registered with it; until then nobody need load it. */
export const findOpenTelemetry = (): OpenTelemetry | undefined =>
  (REGISTERED in globalThis ? require('@opentelemetry/api') as OpenTelemetry : undefined)
