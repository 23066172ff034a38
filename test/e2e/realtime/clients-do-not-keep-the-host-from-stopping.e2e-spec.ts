import { expect, test } from '@jest/globals'
import { openSocket } from '../../support/start-doors.js'
import { startHost } from '../../support/start-host.js'

test('a host that stops tells connected clients so and does not wait for them to leave', async () => {
  const host = await startHost()
  const [reader, silent] = [await openSocket(host.port), await openSocket(host.port)]
  await reader.ask({ controller: 'realtime', action: 'subscribe', index: 'shop', collection: 'orders', body: {} })
  const codes = Promise.all([reader.closed(), silent.closed()])
  await host.close()
  expect(await codes).toEqual([1001, 1001])
})
