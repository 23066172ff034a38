import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { BadRequestError, type Class } from '@mortise/sdk'
import { Kuzzle, WebSocket } from 'kuzzle-sdk'
import { startHost, type HostOptions, type WireAnswer } from './start-host.js'

/** What a refused log-in is answered with. */
export const REFUSED = { status: 401, result: null, error: { id: 'plugin.strategy.missing_user', status: 401 } }

/** For strategies whose credentials are kept elsewhere: in a directory, at a provider. */
export abstract class NoCredentials {
  exists() { return false }
  create(): never { throw new BadRequestError('These credentials are kept elsewhere.') }
  update(): never { return this.create() }
  validate(): never { return this.create() }
  delete() { return undefined }
}

/** A port that nothing listens on, for strategies that must know their address before the host has one. */
export async function findFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => { server.close(resolve) })
  return port
}

/** What of a host to log in at differs from the defaults. */
export interface LoginHostOptions {
  readonly plugins: readonly Class[]
  readonly config?: HostOptions['config']
  readonly secrets?: HostOptions['secrets']
  readonly port?: number
}

/** The whole host, with the users `ann` and `boss`, and plugins by which they log in. */
export async function startLoginHost({ plugins, config, secrets, port = 0 }: LoginHostOptions) {
  const host = await startHost({ plugins, secrets, config: { ...config, server: { port }, limits: { loginsPerSecond: 0 } } })
  for (const kuid of ['ann', 'boss']) {
    await host.ask('POST', `/users/${kuid}/_create`, { body: { content: { profileIds: ['default'] }, credentials: {} } })
  }

  const logIn = async (strategy: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<WireAnswer['body']> =>
    (await host.ask('POST', `/_login/${strategy}`, { body, headers })).body

  /** Comes back from a provider: an address of this host, as the provider sent the browser there. */
  const arrive = async (url: string, headers: Record<string, string> = {}): Promise<WireAnswer['body']> => await (await fetch(url, { headers })).json()

  /** Whom a token is good for; `-1` is nobody. */
  const whoIs = async (token: string): Promise<string> =>
    (await host.ask('GET', '/users/_me', { headers: { authorization: `Bearer ${token}` } })).body.result._id

  /** Logs in over WebSocket by the published client, and tells who the connection then is. @throws what the client rejects with */
  const logInBySocket = async (strategy: string, credentials: object): Promise<string> => {
    const client = new Kuzzle(new WebSocket('127.0.0.1', { port: host.port }))
    await client.connect()
    try {
      await client.auth.login(strategy, credentials)
      return (await client.auth.getCurrentUser())._id
    } finally {
      client.disconnect()
    }
  }
  return { ...host, logIn, arrive, whoIs, logInBySocket }
}

export type LoginHost = Awaited<ReturnType<typeof startLoginHost>>
