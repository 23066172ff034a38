import { Request, type RequestData } from '@mortise/sdk'
import { readChannelOptions, RealtimeHub, type NotificationSink, type RealtimeLimits, type Subscribed } from '@app/realtime'
import { EventBus, Registry, type PluginDefinition } from '@app/registry'
import { RecordingLogger } from './recording-logger.js'

/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look at whatever comes */
type Payload = Record<string, any>

/** Doors that keep what each connection was sent. */
class RecordingSink implements NotificationSink {
  readonly channels = new Map<string, Set<string>>()
  readonly received: { connectionId: string; channel: string; payload: Payload }[] = []
  broadcasts = 0

  broadcast({ channels, payload }: { channels: readonly string[]; payload: Payload }): void {
    this.broadcasts++
    for (const channel of channels) {
      for (const connectionId of this.channels.get(channel) ?? []) this.received.push({ connectionId, channel, payload })
    }
  }

  notify({ connectionId, channels, payload }: { connectionId: string; channels: readonly string[]; payload: Payload }): void {
    for (const channel of channels) this.received.push({ connectionId, channel, payload })
  }

  joinChannel(channel: string, connectionId: string): void {
    this.channels.set(channel, (this.channels.get(channel) ?? new Set()).add(connectionId))
  }

  leaveChannel(channel: string, connectionId: string): void {
    this.channels.get(channel)?.delete(connectionId)
  }

  /** What a connection was sent since it was last asked. */
  take(connectionId: string): Payload[] {
    const taken = this.received.filter((message) => message.connectionId === connectionId)
    this.received.splice(0, Infinity, ...this.received.filter((message) => message.connectionId !== connectionId))
    return taken.map(({ payload }) => payload)
  }
}

const UNLIMITED: RealtimeLimits = {
  subscriptionRooms: 0, subscriptionsPerConnection: 0, subscriptionConditionsCount: 0, subscriptionDocumentTTL: 60_000, subscriptionDocuments: 1_000,
}

/** Realtime with doors that keep what is sent; every connection is open but those in `gone`. */
export function createRealtime({ limits = {}, plugins = [] }: { limits?: Partial<RealtimeLimits>; plugins?: readonly PluginDefinition[] } = {}) {
  const logger = new RecordingLogger()
  const registry = new Registry()
  const bus = new EventBus(registry, { pipeTimeout: 1_000, maxConcurrentPipes: 50, pipesBufferSize: 50_000 }, logger)
  const sink = new RecordingSink()
  const gone = new Set<string>()
  plugins.forEach((plugin) => registry.register(plugin))
  const allowed = { ...UNLIMITED, ...limits }
  const hub = new RealtimeHub({ registry, bus, logger, sink, nodeId: 'node', limits: allowed, isConnected: (id) => !gone.has(id) })

  const request = (id: string, data: RequestData = {}): Request =>
    new Request({ controller: 'realtime', action: 'subscribe', index: 'shop', collection: 'orders', ...data }, { connection: { id, protocol: 'test' } })
  const subscribe = async (id: string, filters: unknown = {}, { volatile, ...options }: Payload = {}): Promise<Subscribed> =>
    await hub.subscribe(request(id, { volatile }), { index: 'shop', collection: 'orders', filters, options: readChannelOptions(options) }) as Subscribed
  const write = (_id: string, _source: Payload, action: 'create' | 'update' | 'replace' | 'delete' = 'create'): void =>
    hub.tellChanges(request('writer', { controller: 'document', action }), action, [{ _id, _source, _version: 1, ...(action === 'update' && { _updatedFields: Object.keys(_source) }) }])
  return { hub, registry, bus, sink, gone, logger, limits: allowed, request, subscribe, write }
}
