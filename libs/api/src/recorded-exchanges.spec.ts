import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { PreconditionError, type Request } from '@mortise/sdk'
import { toRequest, type RecordedRequest } from '../../../test/support/call-action.js'
import { compareExchange, type Answer } from '../../../test/support/compare-exchange.js'
import { definePlugin } from '../../../test/support/define-plugin.js'
import { startBuiltIns, type StartedBuiltIns } from '../../../test/support/start-built-ins.js'

interface Exchange {
  name: string
  request: RecordedRequest
  response: Answer & { body: { controller: string | null; action: string | null } }
}

const read = (name: string): unknown => JSON.parse(readFileSync(`test/fixtures/${name}.json`, 'utf8'))

const { http } = read('exchanges') as { http: Exchange[] }
const differences = read('exchange-differences') as Record<string, { compare?: 'shape'; differs?: string[] } | undefined>

const OURS = ['server', 'index', 'collection', 'document', 'bulk']

/** Those of the built-in controllers up to the first administrator; what a door refuses by itself is the doors' to replay. */
const exchanges = http.slice(0, 95).filter(({ response }) => OURS.includes(response.body?.controller ?? ''))
  .filter(({ request, response }) => request.method !== 'DELETE' || response.body.action !== 'delete' || request.url !== '/_now')

/** The plugin that the exchanges were recorded with, as far as documents go. */
const sample = definePlugin({
  name: 'sample',
  pipes: [{
    event: 'document:beforeCreate',
    name: 'Sample.check',
    handler: (payload) => {
      const request = payload as Request
      const { body } = request.input
      if (body?.refuse) throw new PreconditionError('out of stock')
      if (body?.native) throw new Error('pipe blew up')
      if (body?.stamp) body.createdAt = 42
      return request
    },
  }],
})

describe('exchanges recorded from the reference', () => {
  let host: StartedBuiltIns
  let scrollId = ''

  beforeAll(async () => { host = await startBuiltIns({ plugins: [sample] }) })
  afterAll(() => host.stop())

  test('there are enough of them to mean something', () => {
    expect(exchanges.length).toBeGreaterThan(60)
  })

  test.each(exchanges.map((exchange) => [exchange.name, exchange] as const))('%s', async (name, { request: recorded, response }) => {
    const request = toRequest(host.registry, { ...recorded, url: recorded.url.replace('<scrollId>', scrollId) })
    const answer = answerOf(await host.pipeline.run(request as Request))
    scrollId = answer.body.result?.scrollId ?? scrollId
    const { compare, differs = [] } = differences[name] ?? {}
    expect(compareExchange(response, answer, compare)).toEqual(differs)
  })
})

/** The answer as JSON carries it, without what doors take away. */
function answerOf({ response }: Request): { status: number; body: { error?: { stack?: string } | null; result?: { scrollId?: string } | null } } {
  const { status, content } = response.toJSON()
  const body = JSON.parse(JSON.stringify(content)) as ReturnType<typeof answerOf>['body']
  delete body.error?.stack
  return { status, body }
}
