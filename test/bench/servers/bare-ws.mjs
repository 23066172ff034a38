/** Bare `ws` that parses the frames that the host parses and stringifies the answers that it stringifies. */
import { WebSocketServer } from 'ws'
import { serve } from './serve.mjs'

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
server.on('connection', (socket) => {
  socket.on('message', (data) => {
    const { requestId, controller, action, name } = JSON.parse(data.toString())
    socket.send(JSON.stringify({
      requestId, status: 200, error: null, controller, action, volatile: null, headers: {}, result: `Hello ${name}`, room: requestId,
    }))
  })
})
server.on('listening', () => serve(server.address().port))
