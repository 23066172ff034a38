import type { Client, ClientConfig } from 'pg'

const RETRY_AFTER = 1000

/**
 * Hears when another machine changes the catalogue: PostgreSQL tells every connection that listens. While the connection is lost nothing
 * is heard, so losing it counts as a change too, and so does each new connection.
 */
export class CatalogueListener {
  private client?: Client
  private retry?: NodeJS.Timeout
  private closed = true

  constructor(private readonly config: ClientConfig, private readonly channel: string, private readonly onChange: () => void) {}

  async open(): Promise<void> {
    this.closed = false
    const pg = await import('pg')
    if (this.closed) return
    const client = new pg.Client(this.config)
    client.on('notification', this.onChange)
    client.on('error', () => this.lose(client))
    client.on('end', () => this.lose(client))
    this.client = client
    await client.connect()
    await client.query(`listen "${this.channel}"`)
    this.onChange()
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
    this.onChange()
    this.retry = setTimeout(() => this.reopen(), RETRY_AFTER)
    this.retry.unref()
  }

  private reopen(): void {
    this.open().catch(() => {
      if (this.client) this.lose(this.client)
    })
  }
}
