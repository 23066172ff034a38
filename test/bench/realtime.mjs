/** One message to 5,000 subscribers over WebSocket, against bare `ws` that sends the same bytes. */
import { once } from 'node:events'
import { connect } from 'node:net'
import WebSocket from 'ws'
import { compare, sleep, startServer } from './measure.mjs'

const SUBSCRIBERS = 5_000
const OPENING = 100
const IN_FLIGHT = 2

const frameOf = (requestId, action, body, more) =>
  JSON.stringify({ requestId, controller: 'realtime', action, index: 'bench', collection: 'messages', body, ...more })

/** A text frame of a client, masked with zeros. */
function maskedFrame(text) {
  const payload = Buffer.from(text)
  return Buffer.concat([Buffer.from([0x81, 0x80 | 126, payload.length >> 8, payload.length & 255, 0, 0, 0, 0]), payload])
}

/** A subscriber that only counts what comes, so that the clients' own work does not hide the servers'. */
async function openSubscriber(port, total) {
  const socket = connect(port, '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: YmVuY2htYXJrIG9mIG1vcg==\r\nSec-WebSocket-Version: 13\r\n\r\n')
  await once(socket, 'data')
  socket.write(maskedFrame(frameOf('subscribe', 'subscribe', {})))
  await once(socket, 'data')
  socket.on('data', ({ length }) => { total.bytes += length })
}

/** The subscribers of a server and who publishes to them; opened once, and how long one notification is found out by sending one. */
async function openHall(port) {
  const total = { bytes: 0 }
  for (let open = 0; open < SUBSCRIBERS; open += OPENING) await Promise.all(Array.from({ length: OPENING }, () => openSubscriber(port, total)))
  const publisher = new WebSocket(`ws://127.0.0.1:${port}/`, { perMessageDeflate: false })
  await once(publisher, 'open')
  const hall = { total, publisher, publish: () => publisher.send(frameOf('publish-00000000', 'publish', { text: 'x'.repeat(200), n: 1 }, { _id: 'message' })) }
  hall.publish()
  await once(publisher, 'message')
  for (let before = -1; before !== total.bytes; await sleep(300)) before = total.bytes
  if (total.bytes === 0 || total.bytes % SUBSCRIBERS !== 0) throw new Error(`${total.bytes} bytes came to ${SUBSCRIBERS} subscribers`)
  return { ...hall, length: total.bytes / SUBSCRIBERS }
}

const halls = new Map()

/** Publishes for some seconds, with a few messages on their way, and counts what was delivered once all of it has come. */
async function loadHall(port, seconds) {
  if (!halls.has(port)) halls.set(port, await openHall(port))
  const { total, publish, length } = halls.get(port)
  total.bytes = 0
  let sent = 0
  const end = performance.now() + seconds * 1000
  while (performance.now() < end || total.bytes < sent * SUBSCRIBERS * length) {
    while (performance.now() < end && total.bytes > (sent - IN_FLIGHT) * SUBSCRIBERS * length) {
      publish()
      sent++
    }
    await sleep(1)
  }
  if (total.bytes !== sent * SUBSCRIBERS * length) throw new Error(`${total.bytes} bytes came instead of ${sent * SUBSCRIBERS * length}`)
  return sent * SUBSCRIBERS
}

export const runRealtime = ({ seconds, rounds }) => compare({
  title: `messages to ${SUBSCRIBERS} subscribers over WebSocket, ${IN_FLIGHT} on their way, ${rounds} × ${seconds} s`,
  unit: 'deliveries',
  rounds,
  load: (port) => loadHall(port, seconds),
  baseline: { name: 'bare ws', start: () => startServer('bare-ws-fanout.mjs') },
  candidates: [{ name: 'Mortise', goal: '≥ 0.70', start: () => startServer('mortise.mjs', '0') }],
})
