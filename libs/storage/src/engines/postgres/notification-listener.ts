import type { Client, ClientConfig } from 'pg'

const RETRY_AFTER = 1000

/** What is heard on each channel, with its text. */
type Channels = Readonly<Record<string, (text: string) => void>>

/**
 * Hears what other machines tell: PostgreSQL tells every connection that listens. While the connection is lost nothing is heard, so
 * losing it is a gap, and each new connection is one too.
 */
export class NotificationListener {
  private client?: Client
  private retry?: NodeJS.Timeout
  private closed = true

  constructor(private readonly config: ClientConfig, private readonly channels: Channels, private readonly onGap: () => void) {}

  async open(): Promise<void> {
    this.closed = false
    const pg = await import('pg')
    if (this.closed) return
    const client = new pg.Client(this.config)
    client.on('notification', ({ channel, payload = '' }) => this.channels[channel]?.(payload))
    client.on('error', () => this.lose(client))
    client.on('end', () => this.lose(client))
    this.client = client
    await client.connect()
    for (const channel of Object.keys(this.channels)) await client.query(`listen "${channel}"`)
    this.onGap()
  }

  async close(): Promise<void> {
    this.closed = true
    clearTimeout(this.retry)
    const client = this.client
    this.client = undefined
    await client?.end()
  }

  private lose(client: Client): void {
    if (this.closed || this.client !== client) return
    this.client = undefined
    this.onGap()
    this.retry = setTimeout(() => this.reopen(), RETRY_AFTER)
    this.retry.unref()
  }

  private reopen(): void {
    this.open().catch(() => {
      if (this.client) this.lose(this.client)
    })
  }
}
