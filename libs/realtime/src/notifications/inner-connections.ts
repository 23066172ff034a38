import type { Logger } from '@mortise/sdk'
import type { NotificationPayload, NotificationSink } from './notification-sink.js'

/** Takes a notification, with the channel it came on. */
export type Deliver = (channel: string, notification: NotificationPayload) => void

/** Subscribers within the host, such as plugins: connections that no door knows. What one of them throws is logged and keeps nobody else. */
export class InnerConnections implements NotificationSink {
  readonly #deliverers = new Map<string, Deliver>()
  readonly #channels = new Map<string, Set<string>>()

  constructor(private readonly logger: Logger) {}

  has(connectionId: string): boolean {
    return this.#deliverers.has(connectionId)
  }

  add(connectionId: string, deliver: Deliver): void {
    this.#deliverers.set(connectionId, deliver)
  }

  remove(connectionId: string): void {
    this.#deliverers.delete(connectionId)
  }

  broadcast({ channels, payload }: { channels: readonly string[]; payload: NotificationPayload }): void {
    for (const channel of channels) {
      for (const connectionId of [...this.#channels.get(channel) ?? []]) this.notify({ connectionId, channels: [channel], payload })
    }
  }

  notify({ connectionId, channels, payload }: { connectionId: string; channels: readonly string[]; payload: NotificationPayload }): void {
    const deliver = this.#deliverers.get(connectionId)
    for (const channel of channels) {
      try {
        deliver?.(channel, { ...payload, room: channel })
      } catch (error) {
        this.logger.error(error)
      }
    }
  }

  joinChannel(channel: string, connectionId: string): void {
    if (!this.has(connectionId)) return
    const members = this.#channels.get(channel) ?? new Set()
    this.#channels.set(channel, members.add(connectionId))
  }

  leaveChannel(channel: string, connectionId: string): void {
    const members = this.#channels.get(channel)
    if (members?.delete(connectionId) && members.size === 0) this.#channels.delete(channel)
  }
}
