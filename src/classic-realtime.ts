import { createError, Request } from '@mortise/sdk'
import type { Causation } from '@app/causation'
import type { RealtimeDesk } from '@app/classic'
import { readChannelOptions, type Deliver, type RealtimeHub } from '@app/realtime'

/** The host's realtime as classic plugins have it: by the ids of connections, clients' or their own. */
export class ClassicRealtime implements RealtimeDesk {
  constructor(private readonly hub: RealtimeHub, private readonly causation: Causation) {}

  /** @throws `protocol.runtime.unknown_connection` when there is no such connection, and what subscribing throws. */
  async register(...[connectionId, index, collection, filters, options = {}]: Parameters<RealtimeDesk['register']>): Promise<{ channel: string; roomId: string }> {
    const { volatile = null, ...given } = options
    const request = new Request({ controller: 'realtime', action: 'subscribe', index, collection, volatile }, { connection: { id: connectionId } })
    const subscribed = await this.hub.subscribe(request, { index, collection, filters, options: readChannelOptions(given) })
    if (!subscribed) throw createError('protocol.runtime.unknown_connection', connectionId)
    return subscribed
  }

  async unregister(connectionId: string, roomId: string, notify: boolean): Promise<void> {
    const request = new Request({ controller: 'realtime', action: 'unsubscribe' }, { connection: { id: connectionId } })
    await Promise.resolve(this.hub.unsubscribe(request, roomId, notify))
  }

  connect(connectionId: string, deliver: Deliver): () => void {
    // What a plugin writes because of a notification may come back as one, also where no event tells of it.
    return this.hub.connect(connectionId, (...given) => this.causation.step('a subscription of a classic plugin', () => deliver(...given)))
  }
}
