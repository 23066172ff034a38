import type { ChannelMessage, DirectMessage } from '@mortise/sdk'
import type { PluginDefinition, ProtocolDefinition } from '@app/registry'
import type { Supervisor } from '@app/supervision'
import type { EntryPoint } from '../entry-point.js'
import type { Protocol } from '../protocol.js'
import { GuestEntryPoint } from './guest-entry-point.js'

/** What a door of a plugin is kept with. */
interface Keeping {
  readonly supervisor: Supervisor
  /** Milliseconds to open or close in; 0 for no limit. */
  readonly limit: number
}

/** What a door is told, as far as its plugin's budget goes. */
type Told = 'broadcast' | 'notify' | 'joinChannel'

/**
 * A plugin's door among the host's own: opened and closed within its time, its
 * clients forgotten with it. What it is told keeps to its plugin's budget; what
 * it is to forget always reaches it.
 */
export class GuestProtocol implements Protocol {
  readonly name: string
  readonly plugin: string
  readonly broadcast: (message: ChannelMessage) => void
  readonly notify: (message: DirectMessage) => void
  readonly joinChannel: (channel: string, connectionId: string) => void
  readonly #definition: ProtocolDefinition
  readonly #limit: number
  #wayIn: GuestEntryPoint | undefined

  constructor({ name: plugin, translate }: PluginDefinition, definition: ProtocolDefinition, { limit, supervisor }: Keeping) {
    const { name, door } = definition
    this.name = name
    this.plugin = plugin
    this.#definition = definition
    this.#limit = limit
    const guard = (method: Told) => supervisor.guard({
      plugin, translate, name: `${name}.${method}`, listener: `protocol ${name}, method ${method}`,
      handler: (...given) => (door[method] as (...values: unknown[]) => unknown).apply(door, given),
    }, { kind: 'protocol', event: `protocol:${name}.${method}`, timeout: 0 })
    this.broadcast = guard('broadcast')
    this.notify = guard('notify')
    this.joinChannel = guard('joinChannel')
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

  leaveChannel(channel: string, connectionId: string): void {
    return this.#definition.door.leaveChannel(channel, connectionId)
  }

  disconnect(connectionId: string, reason?: string): void {
    return this.#definition.door.disconnect(connectionId, reason)
  }

  async #withinTime(work: Promise<void>, done: string): Promise<void> {
    if (this.#limit <= 0) return work
    let timer: NodeJS.Timeout | undefined
    const expiry = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`it has not ${done} within ${this.#limit} ms`)), this.#limit)
    })
    try {
      await Promise.race([work, expiry])
    } finally {
      clearTimeout(timer)
    }
  }
}
