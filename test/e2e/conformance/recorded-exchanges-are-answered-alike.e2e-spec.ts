import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import AuthLocal from '../../../plugins/available/auth-local/src/index.js'
import { compareExchange, type Answer, type Closeness } from '../../support/compare-exchange.js'
import { startHost, type StartedHost, type WireAnswer } from '../../support/start-host.js'
import { Replay, Sockets, type HttpExchange, type SocketExchange } from './replay.js'

/** A difference that is meant: why, and all that is answered otherwise, or that only the shape counts. */
interface Difference {
  readonly why: string
  readonly differs?: readonly string[]
  readonly compare?: Closeness
}

const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))

const { http, websocket } = read('test/fixtures/exchanges.json') as { http: HttpExchange[]; websocket: SocketExchange[] }
const differences = read('test/fixtures/exchange-differences.json') as Record<string, Difference | undefined>

let host: StartedHost
let replay: Replay
let sockets: Sockets

beforeAll(async () => {
  host = await startHost({ enabled: ['sample'], plugins: [AuthLocal], config: { limits: { loginsPerSecond: 0 } } })
  replay = new Replay(host.url)
  sockets = new Sockets(host.url.replace('http', 'ws'), replay)
})
afterAll(async () => {
  await sockets.close()
  await host.close()
})

/** What comes off the wire, without what only some hosts add. */
const answerOf = ({ status, text, body }: WireAnswer): Answer => ({ status, text, body: body as unknown })

/** Fails on an unlisted difference, and on a listed one that is gone. */
function judge(name: string, compare: (closeness?: Closeness) => string[]): void {
  const listed = differences[name]
  expect(compare(listed?.compare)).toEqual(listed?.differs ?? [])
  if (listed) expect(compare()).not.toEqual([])
}

test('every listed difference is one of a recorded exchange, and says why', () => {
  const names = [...http, ...websocket].map(({ name }) => name)
  expect(Object.keys(differences).filter((name) => !names.includes(name))).toEqual([])
  expect(Object.values(differences).filter((difference) => !difference?.why)).toEqual([])
})

// Each builds on what those before it left behind, so they run in the order recorded.
describe('over HTTP', () => {
  test.each(http.map((exchange) => [exchange.name, exchange] as const))('%s', async (name, exchange) => {
    const answer = await replay.send(exchange)
    judge(name, (closeness) => [
      ...compareExchange(exchange.response, answerOf(answer), closeness),
      ...compareHeaders(exchange.response.headers, answer.headers),
    ])
  })
})

describe('over WebSocket', () => {
  test.each(websocket.map((exchange) => [exchange.name, exchange] as const))('%s', async (name, exchange) => {
    const { recorded, real } = await sockets.exchange(exchange)
    judge(name, (closeness) => compareExchange({ status: 0, body: recorded }, { status: 0, body: real }, closeness))
  })
})

/** Names of recorded headers that are missing; values where they are the same everywhere. */
function compareHeaders(recorded: Record<string, string> | undefined, real: Headers): string[] {
  return Object.entries(recorded ?? {}).flatMap(([name, value]) => {
    const found = real.get(name)
    if (found === null) return [`header ${name} is missing`]
    const isSame = value.startsWith('<') || undated(found).startsWith(undated(replay.fill(value)))
    return isSame ? [] : [`header ${name} is "${found}"`]
  })
}

const undated = (value: string): string => value.replace(/Expires=[^;]+/, 'Expires=<date>').replace(/kauth-[\w.-]+/, 'kauth-<jwt>')
