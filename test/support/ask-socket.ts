import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { WireAnswer } from './start-host.js'

/** Asks one request over a WebSocket of its own, and yields the answer as it came. */
export async function askSocket(port: number, request: Record<string, unknown>): Promise<WireAnswer['body']> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`)
  await once(socket, 'open')
  const answered = once(socket, 'message')
  socket.send(JSON.stringify(request))
  const [frame] = await answered as [Buffer]
  socket.terminate()
  return JSON.parse(frame.toString()) as WireAnswer['body']
}
