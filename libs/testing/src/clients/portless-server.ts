import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { duplexPair, type Duplex } from 'node:stream'

const LOOPBACK = '127.0.0.1'

/** An HTTP server that is reached by streams, and by a port only when asked to. */
export class PortlessServer {
  readonly server: Server
  readonly #ends = new Set<Duplex>()

  constructor(onRequest: RequestListener) {
    this.server = createServer(onRequest)
  }

  /** The client's end of a new connection. */
  connect(): Duplex {
    const [mine, theirs] = duplexPair()
    for (const end of [mine, theirs]) {
      this.#ends.add(end)
      end.once('close', () => this.#ends.delete(end))
    }
    // As a socket of this machine's would have it.
    Object.defineProperty(theirs, 'remoteAddress', { value: LOOPBACK })
    mine.once('close', () => theirs.destroy())
    theirs.once('close', () => mine.destroy())
    this.server.emit('connection', theirs)
    return mine
  }

  /** Takes connections on a free port of this machine as well. */
  listen(): Promise<AddressInfo> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject)
      this.server.listen(0, LOOPBACK, () => resolve(this.server.address() as AddressInfo))
    })
  }

  close(): void {
    for (const end of this.#ends) end.destroy()
    this.server.closeAllConnections()
    this.server.close()
  }
}
