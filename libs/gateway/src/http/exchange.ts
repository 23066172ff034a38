import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { createId, type ClientConnection } from '@mortise/sdk'
import { readTarget, type Target } from './request-target.js'

/** One request and the place for its answer. */
export class Exchange {
  readonly connection: ClientConnection
  readonly target: Target
  readonly requestId: string

  constructor(readonly message: IncomingMessage, readonly reply: ServerResponse) {
    const { headers } = message
    const id = createId()
    const given = headers['x-kuzzle-request-id']
    this.target = readTarget(message.url ?? '/')
    // A connection of one request can share its fresh id with it.
    this.connection = { id, protocol: 'http', ips: addressesOf(message, headers), headers }
    this.requestId = typeof given === 'string' && given !== '' ? given : id
  }

  get verb(): string {
    return this.message.method ?? 'GET'
  }

  /** Whether the answer is to be readable for people. */
  get isPretty(): boolean {
    return this.target.query?.pretty !== undefined
  }
}

/** The socket's own address, then those that proxies say they passed on for. */
function addressesOf({ socket }: IncomingMessage, headers: IncomingHttpHeaders): string[] {
  const address = socket.remoteAddress ?? ''
  const forwarded = headers['x-forwarded-for']
  if (forwarded === undefined) return [address]
  return [address, ...String(forwarded).split(',').map((part) => part.trim()).filter(Boolean)]
}
