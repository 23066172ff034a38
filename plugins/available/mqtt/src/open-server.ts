import { readFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createSecureServer } from 'node:tls'
import type { Settings } from './settings.js'

/** Listens for clients, by TLS when that is configured. Rejects with the system's error when the port is taken or a file is missing. */
export async function openServer({ port, host, tls }: Settings, accept: (socket: Socket) => void): Promise<Server> {
  const server = tls ? createSecureServer(readCertificates(tls), accept) : createServer(accept)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return server
}

export const portOf = (server: Server): number => (server.address() as AddressInfo).port

function readCertificates({ certFile, keyFile, caFile }: NonNullable<Settings['tls']>): object {
  const files = { cert: readFileSync(certFile), key: readFileSync(keyFile) }
  return caFile === undefined ? files : { ...files, ca: readFileSync(caFile), requestCert: true, rejectUnauthorized: true }
}
