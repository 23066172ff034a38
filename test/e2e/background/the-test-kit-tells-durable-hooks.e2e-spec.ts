import { expect, test } from '@jest/globals'
import { Every, Hook, Plugin, type Delivery, type EventDocument, type Request, type ScheduledRun } from '@mortise/sdk'
import { startTestHost } from '../../../src/testing.js'
import { until } from '../../support/until.js'

const told: [unknown, number][] = []
const runs: ScheduledRun[] = []

@Plugin({ name: 'keeper' })
class Keeper {
  @Hook('generic:document:afterWrite', { durable: true, where: { equals: { kind: 'order' } } })
  keep([document]: EventDocument[], _request: Request, _event: string, { attempt }: Delivery) {
    told.push([document?._id, attempt])
  }

  @Every('1s')
  tick(run: ScheduledRun) {
    runs.push(run)
  }
}

test('durable hooks are told of what their filter lets through, and schedules run', async () => {
  const host = await startTestHost({ plugins: [Keeper] })
  await host.createCollection('shop', 'orders')
  for (const kind of ['note', 'order']) await host.document.create('shop', 'orders', { kind }, kind)
  await until(() => told.length + runs.length, () => told.length > 0 && runs.length > 0, 10_000)
  expect(told).toEqual([['order', 1]])
  expect(runs[0]).toMatchObject({ job: 'keeper/Keeper.tick', isLate: false })
  await host.close()
})
