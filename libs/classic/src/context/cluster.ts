import { EventEmitter } from 'node:events'

type Listener = (payload: unknown) => void

/** Messages between the nodes of a cluster. A node does not hear its own. */
export interface Cluster {
  /** Sends to every other node. `payload` is JSON. */
  broadcast(event: string, payload: unknown): Promise<void>
  on(event: string, listener: Listener): void
  off(event: string, listener: Listener): void
}

/** A cluster of one node, whose messages reach nobody. */
export class LonelyNode implements Cluster {
  readonly #events = new EventEmitter()

  broadcast(): Promise<void> {
    return Promise.resolve()
  }

  on(event: string, listener: Listener): void {
    this.#events.on(event, listener)
  }

  off(event: string, listener: Listener): void {
    this.#events.off(event, listener)
  }
}

/** `accessors.cluster` of one plugin; {@link close} takes away whatever it still listens to. */
export class ClusterAccess {
  readonly #listeners: { event: string; given: Listener; added: Listener }[] = []

  constructor(private readonly cluster: Cluster) {}

  readonly broadcast = (event: string, payload: unknown): Promise<void> => this.cluster.broadcast(event, payload)

  readonly on = (event: string, listener: Listener): void => this.#add(event, listener, listener)

  readonly once = (event: string, listener: Listener): void =>
    this.#add(event, listener, (payload) => {
      this.off(event, listener)
      listener(payload)
    })

  readonly off = (event: string, listener: Listener): void => {
    const position = this.#listeners.findIndex((known) => known.event === event && known.given === listener)
    const [known] = position < 0 ? [] : this.#listeners.splice(position, 1)
    if (known) this.cluster.off(event, known.added)
  }

  close(): void {
    for (const { event, given } of [...this.#listeners]) this.off(event, given)
  }

  #add(event: string, given: Listener, added: Listener): void {
    this.#listeners.push({ event, given, added })
    this.cluster.on(event, added)
  }
}
