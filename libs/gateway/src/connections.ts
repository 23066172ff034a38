import type { ClientConnection } from '@mortise/sdk'

/** Who is connected, through whichever door. */
export class Connections {
  readonly #byId = new Map<string, ClientConnection>()
  readonly #counts = new Map<string, number>()

  get(id: string): ClientConnection | undefined {
    return this.#byId.get(id)
  }

  /** How many there are, by protocol; protocols without any are left out. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].filter(([, count]) => count > 0))
  }

  /** Whether it was not there already. */
  add(connection: ClientConnection): boolean {
    if (this.#byId.has(connection.id)) return false
    this.#byId.set(connection.id, connection)
    this.count(connection.protocol, 1)
    return true
  }

  /** What was removed, if anything. */
  remove(id: string): ClientConnection | undefined {
    const connection = this.#byId.get(id)
    if (!connection) return undefined
    this.#byId.delete(id)
    this.count(connection.protocol, -1)
    return connection
  }

  /** Counts connections that are not kept: so many more, or fewer. */
  count(protocol: string, change: number): void {
    this.#counts.set(protocol, (this.#counts.get(protocol) ?? 0) + change)
  }
}
