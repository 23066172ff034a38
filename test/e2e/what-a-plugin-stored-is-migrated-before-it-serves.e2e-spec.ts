import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Plugin, PluginStore, type Class, type Repository, type StoreMigration } from '@mortise/sdk'
import { startHost } from '../support/start-host.js'

let folder: string
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'mortise-migrated-')) })
afterAll(() => rmSync(folder, { recursive: true }))

/** A plugin that asks for its payments when it is constructed, and may store one. */
function createPlugin(migrations: readonly StoreMigration[], payment?: object): Class {
  @Plugin({ name: 'that-takes-payments' })
  class Payments {
    private readonly payments: Repository<object>

    constructor(store: PluginStore) {
      this.payments = store.repository('payments', { migrations })
    }

    async onModuleInit(): Promise<void> {
      if (payment) await this.payments.createOrReplace({ _id: 'p', ...payment })
    }
  }
  return Payments
}

const start = (plugin: Class) => startHost({ plugins: [plugin], config: { storage: { path: join(folder, 'store.sqlite') } } })

test('a step that the plugin has added is taken at its start, and one that fails stops the start by name', async () => {
  await (await start(createPlugin([], { amount: 1.5 }))).close()
  const seen: object[] = []
  const cents = { title: 'amounts in cents', change: ({ amount, ...payment }: { amount: number }) => (seen.push({ amount }), { ...payment, cents: amount * 100 }) }
  const host = await start(createPlugin([cents]))
  await host.close()
  expect(host.logs).toContainEqual(expect.objectContaining({ plugin: 'that-takes-payments', msg: 'Bringing collection "payments" up to date: 1 document so far.' }))
  expect(seen).toEqual([{ amount: 1.5 }])
  const broken = { title: 'currencies', change: () => { throw new Error('which?') } }
  await expect(start(createPlugin([cents, broken]))).rejects.toThrow(/"that-takes-payments".*migration "currencies" of collection "payments" failed on "p": which\?/s)
  await (await start(createPlugin([cents]))).close()
  expect(seen).toHaveLength(1)
})
