import type { ChannelMessage, DirectMessage } from '@mortise/sdk'
import type { PluginDefinition, ProtocolDefinition } from '@app/registry'
import type { EntryPoint } from '../entry-point.js'
import type { Protocol } from '../protocol.js'
import { GuestEntryPoint } from './guest-entry-point.js'

/** A plugin's door among the host's own: opened and closed within its time, its clients forgotten with it. */
export class GuestProtocol implements Protocol {
  readonly name: string
  readonly plugin: string
  readonly #definition: ProtocolDefinition
  #wayIn: GuestEntryPoint | undefined

  /** @param limit - Milliseconds to open or close in; 0 for no limit. */
  constructor({ name }: PluginDefinition, definition: ProtocolDefinition, private readonly limit: number) {
    this.name = definition.name
    this.plugin = name
    this.#definition = definition
  }

  /** A door that fails to open, or opens too late, is closed again. */
  async start(entryPoint: EntryPoint): Promise<void> {
    const wayIn = new GuestEntryPoint(this.name, entryPoint)
    this.#wayIn = wayIn
    const { door } = this.#definition
    const starting = (async () => door.start(wayIn))()
    try {
      await this.#withinTime(starting, 'opened')
    } catch (error) {
      wayIn.close()
      // Whatever it throws then is of no account: why it did not open is what counts.
      starting.then(() => door.stop()).catch(() => undefined)
      throw error
    }
  }

  async stop(): Promise<void> {
    try {
      await this.#withinTime((async () => this.#definition.door.stop())(), 'closed')
    } finally {
      this.#wayIn?.close()
    }
  }

  broadcast(message: ChannelMessage): void {
    return this.#definition.door.broadcast(message)
  }

  notify(message: DirectMessage): void {
    return this.#definition.door.notify(message)
  }

  joinChannel(channel: string, connectionId: string): void {
    return this.#definition.door.joinChannel(channel, connectionId)
  }

  leaveChannel(channel: string, connectionId: string): void {
    return this.#definition.door.leaveChannel(channel, connectionId)
  }

  disconnect(connectionId: string, reason?: string): void {
    return this.#definition.door.disconnect(connectionId, reason)
  }

  async #withinTime(work: Promise<void>, done: string): Promise<void> {
    if (this.limit <= 0) return work
    let timer: NodeJS.Timeout | undefined
    const expiry = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`it has not ${done} within ${this.limit} ms`)), this.limit)
    })
    try {
      await Promise.race([work, expiry])
    } finally {
      clearTimeout(timer)
    }
  }
}
