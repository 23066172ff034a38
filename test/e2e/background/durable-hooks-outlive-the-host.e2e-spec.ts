import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { runHost } from '../../support/run-host.js'
import { asker, createProject } from '../../support/start-host.js'
import { readJsonLines } from '../../support/read-json-lines.js'
import { until } from '../../support/until.js'

const PLUGIN = 'that-keeps-a-ledger'
const PATIENCE = 20_000

let root: string
afterEach(() => rmSync(root, { recursive: true, force: true }))

interface Line { readonly event: string; readonly id: string; readonly version: number; readonly key: string; readonly attempt: number }

const lines = (): Line[] => {
  const file = join(root, 'ledger.jsonl')
  return readJsonLines(file)
}
const kept = (id: string): string[] => lines().filter((line) => line.id === id).map(({ event, version }) => `${event} ${version}`)

/** The built host in the project, with the plugin's section of the configuration. */
async function start(section: object) {
  writeFileSync(join(root, 'mortise.config.json'), JSON.stringify({ deliveries: { firstDelay: 10 }, plugins: { [PLUGIN]: { file: join(root, 'ledger.jsonl'), ...section } } }))
  const host = runHost(root)
  const ask = asker(await host.listening())
  await ask('PUT', '/shop/orders')
  return { host, ask }
}

describe.each(['inline', 'thread', 'process'])('a durable hook of a plugin that runs in isolation "%s"', (isolation) => {
  test('hears of every change, in order, once', async () => {
    root = createProject([PLUGIN])
    const { host, ask } = await start({ isolation })
    await ask('POST', '/shop/orders/a/_create', { body: { n: 1 } })
    await ask('PUT', '/shop/orders/a/_update', { body: { n: 2 } })
    await ask('POST', '/shop/orders/_mCreate', { body: { documents: [{ _id: 'b', body: {} }, { _id: 'c', body: {} }] } })
    await ask('DELETE', '/shop/orders/a')
    await until(lines, ({ length }) => length >= 5, PATIENCE)
    expect([kept('a'), kept('b'), kept('c')]).toEqual([['Write 1', 'Update 2', 'Delete 2'], ['Write 1'], ['Write 1']])
    expect((await host.stop()).code).toBe(0)
    expect(lines()).toHaveLength(5)
  })
})

test('what could not be delivered before the host was killed is delivered by the next one, under the same names', async () => {
  root = createProject([PLUGIN])
  const { host, ask } = await start({ refuses: true })
  expect((await ask('POST', '/shop/orders/a/_create', { body: {} })).status).toBe(200)
  await host.said(/The ledger is closed/)
  expect((await ask('PUT', '/shop/orders/a/_update', { body: { n: 1 } })).status).toBe(200)
  await host.stop('SIGKILL')
  expect(lines()).toEqual([])
  const next = await start({ refuses: false })
  await until(lines, ({ length }) => length === 2, PATIENCE)
  expect(kept('a')).toEqual(['Write 1', 'Update 2'])
  expect(lines()[0]!.attempt).toBeGreaterThan(1)
  await next.host.stop()
})
