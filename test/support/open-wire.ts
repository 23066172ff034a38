import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A way to a server of this machine that can be cut and mended, as networks are. */
export async function openWire(to: number) {
  const sockets = new Set<Socket>()
  let isCut = false
  const server = createServer((near) => {
    if (isCut) return near.destroy()
    const far = connect(to, '127.0.0.1')
    for (const [one, other] of [[near, far], [far, near]] as const) {
      sockets.add(one)
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => sockets.delete(one))
    }
  })
  await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done) })
  const breakAll = (): void => { for (const socket of sockets) socket.destroy() }
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => {
      isCut = true
      breakAll()
    },
    mend: () => { isCut = false },
    close: () => {
      breakAll()
      server.close()
    },
  }
}
