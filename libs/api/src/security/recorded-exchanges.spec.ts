import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Request } from '@mortise/sdk'
import { toRequest, type RecordedRequest } from '../../../../test/support/call-action.js'
import { compareExchange, type Answer } from '../../../../test/support/compare-exchange.js'
import { startSecuredHost, type SecuredHost } from '../../../../test/support/start-secured-host.js'

interface Exchange {
  name: string
  request: RecordedRequest & { as?: string }
  response: Answer & { headers: Record<string, string>; body: { controller: string | null; action: string | null } }
}

const { http } = JSON.parse(readFileSync('test/fixtures/exchanges.json', 'utf8')) as { http: Exchange[] }
const differences = JSON.parse(readFileSync('test/fixtures/exchange-differences.json', 'utf8')) as Record<string, { compare?: 'shape'; differs?: string[] } | undefined>
const first = http.findIndex(({ name }) => name === 'auth:checkToken, anonymous')

/** From the first question about people to the end, in the order recorded: each builds on those before. */
describe('what the reference answers about people and rights', () => {
  let host: SecuredHost
  const tokens = new Map<string, string>()

  beforeAll(async () => {
    host = await startSecuredHost()
    await host.store.createCollection({ index: 'shop', collection: 'orders' })
    await host.store.createCollection({ index: 'other', collection: 'col' })
  })
  afterAll(() => host.close())

  /** The request with the token of whoever it is sent as. */
  function fill({ request, response }: Exchange): Request {
    const { origin, authorization } = request.headers ?? {}
    const [, bearer] = /^Bearer (.+)$/.exec(authorization ?? '') ?? []
    const text = JSON.stringify({ url: request.url, body: request.body }).replaceAll('kauth-<jwt>', tokens.get(request.as ?? 'boss') ?? 'none')
    const { url, body } = JSON.parse(text) as Pick<RecordedRequest, 'url' | 'body'>
    const override = Object.fromEntries(new URL(url, 'http://host').searchParams)
    const made = toRequest(host.registry, { ...request, url, body })
    if (!made) throw new Error(`no route leads to ${response.body.controller}:${response.body.action}`)
    const { controller, action, args } = made.input
    const jwt = bearer ?? override.jwt ?? tokens.get(request.as ?? '')
    return new Request({ ...args, controller, action, ...override, body, jwt }, {
      connection: { id: 'recorded', protocol: 'http', headers: { host: '127.0.0.1:7512', origin }, verb: request.method },
    })
  }

  function remember({ request }: Exchange, answer: Request): void {
    const result = (answer.result ?? {}) as { _id?: string; jwt?: string; _source?: { token?: string; userId?: string } }
    if (result.jwt && result._id) tokens.set(result._id, result.jwt)
    if (result._source?.token) tokens.set(`${result._source.userId} (API key)`, result._source.token)
    if (request.url.startsWith('/_logout')) expect(answer.error).toBeNull()
  }

  test.each(http.slice(first).map((exchange): [string, Exchange] => [exchange.name, exchange]))('%s', async (_name, exchange) => {
    const answer = await host.pipeline.run(fill(exchange))
    remember(exchange, answer)
    const { status, content } = answer.response.toJSON()
    const found = compareExchange(exchange.response, { status, body: JSON.parse(JSON.stringify(content)) as unknown }, differences[exchange.name]?.compare)
    // Stacks are taken away by the doors.
    expect(found.filter((difference) => difference !== 'body.error.stack is new')).toEqual(differences[exchange.name]?.differs ?? [])
    if (exchange.response.headers['set-cookie']) {
      expect([answer.response.headers['set-cookie']].flat()[0]?.replace(/=kauth-[^;]+/, '=kauth-<jwt>').replace(/Expires=[^;]+/, 'Expires=<date>'))
        .toBe(exchange.response.headers['set-cookie'].replace(/Expires=[^;]+/, 'Expires=<date>'))
    }
  })
})
