import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'

/** Whether a client asks for a WebSocket, rather than for another protocol. */
export const wantsWebSocket = ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === 'websocket'

/** Headers that belong to the question alone. */
const ASKING = new Set(['upgrade', 'http2-settings', 'connection'])

/**
 * Answers a request over HTTP/1.1 as if it had asked for no other protocol.
 * Some clients ask for `h2c` with whatever they send first, Java's and
 * `curl --http2` among them, and mean it as an offer. Source: RFC 9110, 7.8.
 *
 * Node has taken its parser away by then, so the request is put back as it
 * came, without the question, and the connection starts over.
 */
export function declineUpgrade(server: Server, { message, socket, head }: { message: IncomingMessage; socket: Duplex; head: Buffer }): void {
  const { method, url, httpVersion, rawHeaders } = message
  const lines = [`${method} ${url} HTTP/${httpVersion}`]
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2)
    if (!ASKING.has(name.toLowerCase())) lines.push(`${name}: ${value}`)
  }
  if (/\bclose\b/i.test(message.headers.connection ?? '')) lines.push('Connection: close')
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]))
  server.emit('encrypted' in socket ? 'secureConnection' : 'connection', socket)
}
