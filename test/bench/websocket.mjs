/** Hello over WebSocket, 16 in flight on each of 20 sockets, against bare `ws`. */
import WebSocket from 'ws'
import { compare, startServer } from './measure.mjs'

export const SOCKETS = 20
export const IN_FLIGHT = 16
const open = (port) => new Promise((resolve, reject) => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { perMessageDeflate: false })
  socket.once('open', () => resolve(socket))
  socket.once('error', reject)
})

/** Keeps so many requests in flight until the time is up, and counts the answers. */
export async function loadSockets(port, seconds, makeFrame, inFlightEach = IN_FLIGHT) {
  const sockets = await Promise.all(Array.from({ length: SOCKETS }, () => open(port)))
  let answers = 0
  let failures = 0
  let id = 0
  const end = performance.now() + seconds * 1000
  await Promise.all(sockets.map((socket) => new Promise((resolve) => {
    let inFlight = 0
    const send = () => { inFlight++; socket.send(makeFrame(`r${id++}`)) }
    socket.on('message', (data) => {
      inFlight--
      answers++
      if (!data.includes('"error":null')) failures++
      if (performance.now() < end) send()
      else if (inFlight === 0) resolve()
    })
    for (let k = 0; k < inFlightEach; k++) send()
  })))
  sockets.forEach((socket) => socket.close())
  if (failures > 0) throw new Error(`${failures} answers were errors`)
  return answers
}

export const hello = (requestId) => JSON.stringify({ requestId, controller: 'hello', action: 'sayHello', name: 'bench' })

export const runWebSocket = ({ seconds, rounds }) => compare({
  title: `hello over WebSocket, ${IN_FLIGHT} in flight on ${SOCKETS} sockets, ${rounds} × ${seconds} s`,
  unit: 'requests',
  rounds,
  load: (port) => loadSockets(port, seconds, hello),
  baseline: { name: 'bare ws', start: () => startServer('bare-ws.mjs') },
  candidates: [{ name: 'Mortise', goal: '≥ 0.60', start: () => startServer('mortise.mjs', '0') }],
})
