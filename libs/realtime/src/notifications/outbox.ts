import type { Logger, Notification } from '@mortise/sdk'
import type { RealtimeEvents } from '../realtime-events.js'
import { Lanes } from './lanes.js'
import type { NotificationSink } from './notification-sink.js'

/** A notification on its way, before pipes have seen it. */
export interface Draft {
  readonly channels: readonly string[]
  /** The one connection it is for; everybody on the channels when absent. */
  readonly connectionId?: string
  readonly notification: Notification
}

type Kind = 'document' | 'user' | 'server'

/**
 * Where notifications leave. Pipes see each of them first, and may change or
 * drop it; while they do, later ones of the same lane wait, so that order
 * within it is kept. Where nobody listens, they leave at once.
 */
export class Outbox {
  readonly #lanes = new Lanes()

  constructor(private readonly sinks: readonly NotificationSink[], private readonly events: RealtimeEvents, private readonly logger: Logger) {}

  /** @param lane - What must keep its order: the document, the room or the connection that it is about. */
  send(kind: Kind, lane: string, draft: Draft): void {
    if (draft.channels.length === 0) return
    if (!this.#isHeard(kind) && !this.#lanes.isBusy(lane)) this.#deliver(draft)
    else this.#lanes.add(lane, () => this.#ask(kind, draft))
  }

  joinChannel(channel: string, connectionId: string): void {
    for (const sink of this.sinks) sink.joinChannel(channel, connectionId)
  }

  leaveChannel(channel: string, connectionId: string): void {
    for (const sink of this.sinks) sink.leaveChannel(channel, connectionId)
  }

  #isHeard(kind: Kind): boolean {
    const { events } = this
    return events.isHeard(`notify:${kind}`) || events.isHeard('notify:dispatch') || events.isHeard('core:realtime:notification:dispatch:before')
  }

  async #ask(kind: Kind, draft: Draft): Promise<void> {
    try {
      const shown = await this.events.run(`notify:${kind}`, draft.notification)
      const notification = await this.events.run('notify:dispatch', shown)
      this.#deliver(await this.events.run('core:realtime:notification:dispatch:before', { ...draft, notification }))
    } catch (error) {
      this.logger.warn(new Error(`A ${kind} notification was dropped, as a pipe refused it.`, { cause: error }))
    }
  }

  #deliver({ channels, connectionId, notification: payload }: Draft): void {
    for (const sink of this.sinks) {
      if (connectionId === undefined) sink.broadcast({ channels, payload })
      else sink.notify({ connectionId, channels, payload })
    }
  }
}
