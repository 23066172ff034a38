import { createError, type Logger } from '@mortise/sdk'
import { isThenable } from '@app/supervision'
import type { EntryPoint } from './entry-point.js'
import type { ChannelMessage, DirectMessage, Protocol } from './protocol.js'

/**
 * All doors as one: starts and stops them, and carries notifications to them.
 * What a door throws is logged under its name and stops no other.
 */
export class Protocols {
  readonly #protocols = new Map<string, Protocol>()

  constructor(private readonly entryPoint: EntryPoint, private readonly logger: Logger) {}

  get names(): readonly string[] {
    return [...this.#protocols.keys()]
  }

  /**
   * Starts a door and takes it in; resolves to what stops and removes it.
   *
   * @throws `protocol.runtime.already_exists`, or what its `start` throws; then it is not taken in.
   */
  async open(protocol: Protocol): Promise<() => Promise<void>> {
    const { name } = protocol
    if (this.#protocols.has(name)) throw createError('protocol.runtime.already_exists', name)
    this.#protocols.set(name, protocol)
    try {
      await protocol.start(this.entryPoint)
    } catch (error) {
      this.#protocols.delete(name)
      throw error
    }
    return () => this.#close(protocol)
  }

  /** To everybody on the channels, whichever door they came through. */
  broadcast(message: ChannelMessage): void {
    for (const protocol of this.#protocols.values()) this.#ask(protocol, () => protocol.broadcast(message))
  }

  /** To one connection. */
  notify(message: DirectMessage): void {
    this.#of(message.connectionId, (protocol) => protocol.notify(message))
  }

  joinChannel(channel: string, connectionId: string): void {
    this.#of(connectionId, (protocol) => protocol.joinChannel(channel, connectionId))
  }

  leaveChannel(channel: string, connectionId: string): void {
    this.#of(connectionId, (protocol) => protocol.leaveChannel(channel, connectionId))
  }

  disconnect(connectionId: string, reason?: string): void {
    this.#of(connectionId, (protocol) => protocol.disconnect(connectionId, reason))
  }

  /** Stops every door, the last first. */
  async close(): Promise<void> {
    for (const protocol of [...this.#protocols.values()].reverse()) await this.#close(protocol)
  }

  async #close(protocol: Protocol): Promise<void> {
    if (!this.#protocols.delete(protocol.name)) return
    try {
      await protocol.stop()
    } catch (error) {
      this.#report(protocol, error)
    }
  }

  /** Calls the door that a connection came through, if both are still there. */
  #of(connectionId: string, act: (protocol: Protocol) => unknown): void {
    const connection = this.entryPoint.connections.get(connectionId)
    const protocol = connection && this.#protocols.get(connection.protocol)
    if (protocol) this.#ask(protocol, () => act(protocol))
  }

  /** Nothing is waited for; but a promise that fails must not fail alone. */
  #ask(protocol: Protocol, act: () => unknown): void {
    try {
      const answer = act()
      if (isThenable(answer)) answer.then(undefined, (error: unknown) => this.#report(protocol, error))
    } catch (error) {
      this.#report(protocol, error)
    }
  }

  #report({ name, plugin }: Protocol, error: unknown): void {
    this.logger.error(new Error(`Protocol "${name}"${plugin === undefined ? '' : ` of plugin "${plugin}"`} failed.`, { cause: error }))
  }
}
