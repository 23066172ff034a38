import type { PluginCalls } from '@app/supervision'

/** The classic application that the host runs for. */
export interface ApplicationView {
  readonly name: string
  readonly version: string
  readonly commit: string | null
  /** Written over what `server:openapi` says of the application's routes, section by section, lists after each other. */
  readonly openApi: Readonly<Record<string, unknown>>
}

/** Connections by protocol. */
export type ConnectionCounts = Readonly<Record<string, number>>

/**
 * What the `server` and `admin` controllers need to know of the host around
 * them. The composition extends it; what is left as it is says that the host
 * has no such thing.
 */
export abstract class Host {
  abstract readonly version: string

  /** The configuration; what looks like a secret is hidden before anybody sees it. */
  configuration(): Readonly<Record<string, unknown>> {
    return {}
  }

  /** The classic application around which the host was started, if one was. */
  application(): ApplicationView | undefined {
    return undefined
  }

  /** Client connections that are open now. */
  connections(): ConnectionCounts {
    return {}
  }

  /** Requests that run, and those that wait for a slot. */
  load(): { concurrentRequests: number; pendingRequests: number } {
    return { concurrentRequests: 0, pendingRequests: 0 }
  }

  /** What calls into plugins come to. */
  calls(): readonly PluginCalls[] {
    return []
  }

  /** Names of plugins that should work and do not, while the host does. */
  impaired(): readonly string[] {
    return []
  }

  subscriptions(): { rooms: number; subscriptions: number } {
    return { rooms: 0, subscriptions: 0 }
  }

  /** Collections of an index that somebody has subscribed to, stored or not. */
  realtimeCollections(_index: string): readonly string[] {
    return []
  }

  /** Whether what keeps the values of `ms` answers. */
  async isMemoryWell(): Promise<boolean> {
    return true
  }

  async adminExists(): Promise<boolean> {
    return false
  }

  /** Caches that `admin:resetCache` may empty, by the names the protocol knows them by. */
  readonly caches: Readonly<Record<string, () => Promise<void>>> = {
    internalCache: async () => undefined,
    memoryStorage: async () => undefined,
  }

  /** Where `admin:dump` writes; each dump makes a folder of its own in it. */
  readonly dumpFolder: string = 'dump'

  /** Starts an orderly stop and returns at once. */
  abstract shutdown(): void
}
