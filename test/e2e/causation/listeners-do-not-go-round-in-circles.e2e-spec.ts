import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { startIsolated, type IsolatedHost } from '../../support/start-isolated.js'
import { until } from '../../support/until.js'

/** The second plugin stays inline, so that chains cross there and back. */
describe.each(['inline', 'thread', 'process'] as const)('a listener that runs %s', (isolation) => {
  let host: IsolatedHost
  let collection: string
  let count = 0

  beforeAll(async () => {
    host = await startIsolated({ isolation, enabled: ['that-goes-round', 'that-hits-back'], environment: { MORTISE_LIMITS__CAUSATION_DEPTH: '6', MORTISE_LIMITS__CAUSATION_FAN_OUT: '12' } })
    await host.ask('POST', '/shop/_create')
  }, 60_000)
  afterAll(() => host.stop())
  beforeEach(async () => {
    collection = `/shop/orders-${++count}`
    await host.ask('PUT', collection)
    for (const id of ['a', 'b']) await host.ask('POST', `${collection}/${id}/_create`, { body: {} })
  })

  const calls = async (): Promise<string[]> => (await host.ask('GET', '/_/that-goes-round/calls')).body.result as string[]
  const callsOf = async (name: string): Promise<number> => (await calls()).filter((each) => each === name).length
  const logged = (text: string): Promise<unknown> => until(() => host.host.out, (out) => out.includes(text))
  const update = (kind: string, id = 'a') => host.ask('PUT', `${collection}/${id}/_update`, { body: { kind, n: 0 } })

  test('writes what it is told of, with events, and is not told of that again', async () => {
    expect((await update('again')).status).toBe(200)
    await logged(`plugin that-goes-round.update -> document:update -> plugin that-goes-round.update`)
    expect(await callsOf('update')).toBe(1)
  })

  test('is told of another document, also at the same time', async () => {
    await Promise.all([update('again', 'a'), update('again', 'b')])
    await until(() => host.host.out.split('plugin that-goes-round.update -> document:update').length, (times) => times > 3)
    expect(await callsOf('update')).toBe(3)
  })

  test('is told again and again when it says that it may be', async () => {
    await update('three')
    await expect(readUntil('untilThree', 4)).resolves.toBe(4)
  })

  test('is no circle when its filter would not let the second call through', async () => {
    await update('open')
    await expect(readUntil('settle', 1)).resolves.toBe(1)
    await untilWritten({ kind: 'settled' })
    expect(host.host.out).not.toContain('plugin that-goes-round.settle ->')
  })

  test('makes a request fail when it is a pipe, with the circle in the answer', async () => {
    const { status, body } = await host.ask('PUT', `${collection}/a/_replace`, { body: { kind: 'again' } })
    expect(status).toBe(500)
    expect(body.error).toMatchObject({
      id: 'plugin.runtime.listener_loop',
      message: expect.stringContaining('plugin that-goes-round.replace -> document:replace -> plugin that-goes-round.replace'),
    })
    expect(await callsOf('replace')).toBe(1)
  })

  test('meets it when another plugin hits back', async () => {
    await update('serve')
    await logged('plugin that-goes-round.serve -> document:update -> plugin that-hits-back.return -> document:update -> plugin that-goes-round.serve')
    expect(await callsOf('serve')).toBe(1)
    await untilWritten({ kind: 'serve' })
  })

  test('meets it over events of its own', async () => {
    await host.ask('POST', `${collection}/bell/_create`, { body: { kind: 'bell' } })
    await logged('plugin that-goes-round.ring -> plugin-that-goes-round:ring -> plugin that-goes-round.ring')
    expect(await callsOf('ring')).toBe(2)
  })

  test('that works on something new each time is stopped when the chain is too long', async () => {
    await host.ask('POST', `${collection}/seed/_create`, { body: { kind: 'grow' } })
    await logged('More than 6 calls with events led from one to the next: document:create -> plugin that-goes-round.grow -> document:create')
    expect(await callsOf('grow')).toBe(7)
  })

  test('that writes what a subscription notifies it of is stopped when the chain is too long, also where no event tells of it', async () => {
    await host.ask('GET', `/_/that-goes-round/calls/echo/${collection.slice('/shop/'.length)}`)
    await update('echoed')
    await logged('More than 6 calls with events led from one to the next: plugin that-goes-round, a subscription -> plugin that-goes-round, a subscription')
    expect(await callsOf('echo')).toBe(6)
  })

  test('cannot have more than so many calls under way at once', async () => {
    await host.ask('POST', `${collection}/seed/_create`, { body: { kind: 'spread' } })
    await readUntil('fulfilled', 12)
    expect(await callsOf('plugin.runtime.chain_too_wide')).toBe(8)
    expect(await callsOf('fulfilled')).toBe(12)
  })

  async function readUntil(name: string, times: number): Promise<number> {
    for (;;) {
      const found = await callsOf(name)
      if (found >= times) return found
    }
  }

  async function untilWritten(content: object): Promise<void> {
    for (;;) {
      const { body } = await host.ask('GET', `${collection}/a`)
      if (Object.entries(content).every(([key, value]) => body.result._source[key] === value)) return
    }
  }
})
