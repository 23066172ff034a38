import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { WireAnswer } from '../../support/start-host.js'
import { startIsolated, type IsolatedHost } from '../../support/start-isolated.js'

const works = (name: string): string => `/_/that-is-fragile/works/${name}`

describe.each(['thread', 'process'] as const)('in a %s', (isolation) => {
  let host: IsolatedHost
  beforeAll(async () => {
    host = await startIsolated({ isolation, settings: { memory: 64 } })
  }, 60_000)
  afterAll(async () => {
    expect((await host.stop()).code).toBe(0)
  })

  const ask = (name: string): Promise<WireAnswer> => host.ask('GET', works(name))

  /** Asks until the plugin answers again, and yields what it was told meanwhile. */
  async function untilItRuns(): Promise<WireAnswer[]> {
    const refusals: WireAnswer[] = []
    for (;;) {
      const answer = await ask('pid')
      if (answer.status === 200) return refusals
      refusals.push(answer)
      await new Promise((resolve) => { setTimeout(resolve, 5) })
    }
  }

  /** Requests of others, one after another until `isOver`. */
  async function serveOthers(isOver: () => boolean): Promise<Set<number>> {
    const statuses = new Set<number>()
    while (!isOver()) statuses.add((await host.ask('POST', '/_/that-sells/orders/refund')).status).add((await host.ask('GET', '/_now')).status)
    return statuses
  }

  test.each([
    ['throws where nothing catches', 'crash', /the lamp fell/],
    ['calls process.exit', 'exit', /exit code 3/],
    ['needs more memory than it may', 'exhaust', /out of memory \(64 MB\)/],
    ...isolation === 'process' ? [['needs more memory outside of its heap than it may', 'hoard', /out of memory \(64 MB\)/]] as const : [],
    ['never comes to an end', 'loop', /not answered for 3000 ms/],
  ])('one that %s fails its own calls with 503 and its name, and runs again', async (_title, action, reason) => {
    await untilItRuns()
    const lingering = ask('linger?milliseconds=60000')
    let isOver = false
    const others = serveOthers(() => isOver)
    const answers = await Promise.all([ask(action), lingering])
    const refusals = await untilItRuns()
    isOver = true
    for (const { status, body } of [...answers, ...refusals]) {
      expect({ status, id: body.error.id }).toEqual({ status: 503, id: 'plugin.worker.unavailable' })
      expect(body.error.message).toMatch(/"that-is-fragile"/)
      expect(body.error.message).toMatch(reason)
    }
    // The refund is refused by the plugin's own pipe: by what it throws while it runs, by its absence while it does not.
    expect([...await others].filter((status) => ![200, 400, 503].includes(status))).toEqual([])
  }, 60_000)

  test('requests that do not need the plugin never notice', async () => {
    let isOver = false
    const statuses = new Set<number>()
    const others = (async () => {
      while (!isOver) statuses.add((await host.ask('GET', '/_now')).status)
    })()
    await ask('exit')
    await untilItRuns()
    isOver = true
    await others
    expect([...statuses]).toEqual([200])
  })

  test('the log says why it went down and when it runs again', async () => {
    await host.host.said(/"plugin":"that-is-fragile"[^\n]*is down: it ended with exit code 3/)
    await host.host.said(/"plugin":"that-is-fragile"[^\n]*runs again/)
  })
})
