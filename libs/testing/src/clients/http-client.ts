import type { RequestData } from '@mortise/sdk'
import { fetchPortless } from './fetch-portless.js'
import type { PortlessServer } from './portless-server.js'
import { WireClient } from './wire-client.js'

/** Each request is a connection of its own, to `POST /_query`. */
export class HttpClient extends WireClient {
  constructor(private readonly server: PortlessServer, jwt: string | undefined) {
    super(jwt)
  }

  close(): void {}

  protected async exchange({ jwt, ...data }: RequestData): Promise<unknown> {
    const headers = { 'content-type': 'application/json', ...(jwt ? { authorization: `Bearer ${jwt}` } : {}) }
    const answer = await fetchPortless(this.server, '/_query', { method: 'POST', headers, body: JSON.stringify(data) })
    return answer.json()
  }
}
