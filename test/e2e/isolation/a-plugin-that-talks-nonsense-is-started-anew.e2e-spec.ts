import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { startIsolated, type IsolatedHost } from '../../support/start-isolated.js'
import { until } from '../../support/until.js'

describe.each(['thread', 'process'] as const)('in a %s', (isolation) => {
  let host: IsolatedHost
  beforeAll(async () => {
    host = await startIsolated({ isolation })
  }, 60_000)
  afterAll(async () => {
    expect((await host.stop()).code).toBe(0)
  })

  const ask = (action: string) => host.ask('GET', `/_/that-is-fragile/works/${action}`)

  test.each([
    ['a word', 'word', /said what makes no sense/],
    ['what is neither a call nor an answer', 'list', /said what makes no sense: it sent what is neither a call nor an answer/],
    ['nothing', 'nothing', /said what makes no sense: it sent what is neither a call nor an answer/],
    ['a call that there is not', 'call', /said what makes no sense: it called "light", which there is not/],
  ])('one that says %s fails its own calls with 503 and the reason, and runs again', async (_title, said, reason) => {
    const { status, body } = await ask(`babble?said=${said}`)
    expect({ status, id: body.error.id, message: body.error.message }).toEqual({ status: 503, id: 'plugin.worker.unavailable', message: expect.stringMatching(reason) })
    expect((await host.ask('GET', '/_now')).status).toBe(200)
    await until(async () => (await ask('pid')).status, (seen) => seen === 200, 20_000)
  }, 30_000)
})
