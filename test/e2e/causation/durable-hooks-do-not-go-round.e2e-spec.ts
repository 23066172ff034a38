import { afterEach, expect, test } from '@jest/globals'
import { Api, Hook, Plugin, type Request } from '@mortise/sdk'
import { startHost, type StartedHost } from '../../support/start-host.js'
import { until } from '../../support/until.js'

let host: StartedHost
afterEach(() => host.close())

/** The circle is found though each delivery is made from what the store kept of it. */
test('a durable hook that writes what it is told of is not told of that again, and not tried again either', async () => {
  const told: string[] = []

  @Plugin({ name: 'keeper' })
  class Keeper {
    constructor(private readonly api: Api) {}

    @Hook('document:afterUpdate', { durable: true })
    async keep({ input: { args: { index, collection, _id } } }: Request) {
      told.push(_id)
      if (told.length < 9) await this.api.call({ controller: 'document', action: 'update', index, collection, _id, body: { n: told.length } }, { events: true })
    }
  }
  host = await startHost({ plugins: [Keeper] })
  await host.ask('POST', '/shop/_create')
  await host.ask('PUT', '/shop/orders')
  for (const id of ['a', 'b']) await host.ask('POST', `/shop/orders/${id}/_create`, { body: {} })
  for (const id of ['a', 'b']) await host.ask('PUT', `/shop/orders/${id}/_update`, { body: { n: 0 } })
  const refusals = (): string[] => host.logs.map((line) => JSON.stringify(line))
    .filter((line) => line.includes('plugin keeper.keep -> document:update -> plugin keeper.keep') && line.includes('It is kept'))
  await until(refusals, (lines) => lines.length === 2)
  expect(told.sort()).toEqual(['a', 'b'])
})
