import { createErrorFrom } from '@mortise/sdk'
import type { Redis } from 'ioredis'
import { MemoryStore, type Command, type Outcome, type Reply } from '../memory-store.js'

/** Milliseconds between attempts to reach the server again. */
const RETRY_DELAY = 500

/** Keeps values in a Redis server: the whole database that the address names is the host's. */
export class RedisMemoryStore extends MemoryStore {
  #client!: Redis

  constructor(private readonly url: string) {
    super()
  }

  async start(): Promise<void> {
    // Loaded only where it is wanted: most hosts keep these values in the process.
    const { Redis: Client } = await import('ioredis')
    // Requests do not wait for a server that is away: they are told at once, while the client goes on trying.
    this.#client = new Client(this.url, { lazyConnect: true, enableOfflineQueue: false, maxRetriesPerRequest: 0, retryStrategy: () => RETRY_DELAY })
    // Each request that meets a lost connection is told so; a listener keeps the client from printing it besides.
    this.#client.on('error', () => undefined)
    await this.#client.connect().catch((fault: unknown) => { throw refusal(fault) })
  }

  async run([name, ...given]: Command): Promise<Reply> {
    return await this.#client.call(name, ...given).catch((fault: unknown) => { throw refusal(fault) }) as Reply
  }

  async runAll(commands: readonly Command[]): Promise<Outcome[]> {
    const transaction = this.#client.multi()
    for (const [name, ...given] of commands) transaction.call(name, ...given)
    const outcomes = await transaction.exec().catch((fault: unknown) => { throw refusal(fault) })
    return (outcomes ?? []).map(([fault, reply]) => [fault?.message ?? null, (reply ?? null) as Reply])
  }

  async close(): Promise<void> {
    // Whoever asked has been answered by now, and a server that no longer answers must not keep the host from stopping.
    const client = this.#client as Redis | undefined
    client?.disconnect()
  }
}

/** The server's own refusals are told as they are; everything else means that it cannot be reached. */
function refusal(fault: unknown): Error {
  const { name, message } = fault as Error
  return name === 'ReplyError' ? createErrorFrom(fault, 'services.cache.read_failed', message) : createErrorFrom(fault, 'services.cache.not_connected')
}
