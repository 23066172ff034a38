import { once } from 'node:events'
import { connect } from 'node:net'
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

test.each([
  ['says nothing, as those that browsers open ahead of need', ''],
  ['has sent half a request', 'GET /_now HTTP/1.1\r\nHost: loc'],
  ['has sent half a body', 'POST /_query HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{'],
  ['was answered, and may ask again', 'GET /_now HTTP/1.1\r\nHost: localhost\r\n\r\n'],
])('a host that stops does not wait for a connection that %s', async (_what, bytes) => {
  const host = await startHost()
  const socket = connect(host.port, '127.0.0.1').on('error', () => undefined).resume()
  await once(socket, 'connect')
  socket.write(bytes)
  // Whatever was sent on one connection before has arrived when another has its answer.
  for (let round = 0; round < 3; round++) await host.ask('GET', '/_now')
  const closed = once(socket, 'close')
  await host.close()
  await closed
})
