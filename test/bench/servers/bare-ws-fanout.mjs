/** Bare `ws` that answers each subscription, and writes each message as the host's notification once and sends it to everybody who subscribed. */
import { WebSocketServer } from 'ws'
import { serve } from './serve.mjs'

const roomId = '8'.repeat(64)
const room = `${roomId}-311`
const subscribers = new Set()

function notification({ requestId, index, collection, _id, body }) {
  return Buffer.from(JSON.stringify({
    type: 'document', status: 200, action: 'publish', scope: 'in',
    result: { _id, _source: { ...body, _kuzzle_info: { author: '-1', createdAt: Date.now() } } },
    event: 'publish', requestId, timestamp: Date.now(), volatile: null, index, collection, controller: 'realtime', protocol: 'websocket',
    node: 'mortise-00000000', room,
  }))
}

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false, clientTracking: false })
server.on('connection', (socket) => {
  socket.on('close', () => subscribers.delete(socket))
  socket.on('message', (data) => {
    const message = JSON.parse(data.toString())
    const { requestId, controller, action } = message
    const answer = (result) => socket.send(JSON.stringify({ requestId, status: 200, error: null, controller, action, volatile: null, headers: {}, result, room: requestId }))
    if (action === 'subscribe') {
      subscribers.add(socket)
      return answer({ roomId, channel: room })
    }
    const frame = notification(message)
    for (const subscriber of subscribers) subscriber.send(frame, { binary: false })
    answer({ published: true })
  })
})
server.on('listening', () => serve(server.address().port))
