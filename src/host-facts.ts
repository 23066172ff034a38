import { Host, type ApplicationView } from '@app/api'
import { reportCalls, type PluginCalls, type Slots, type Supervisor } from '@app/supervision'
import type { MemoryStore } from '@app/memory'
import type { RealtimeHub } from '@app/realtime'
import type { Security } from '@app/security'
import { VERSION } from './version.js'

/** What the host's own controllers may know of the host around them. */
export interface HostView {
  readonly slots: Slots
  readonly security: Security
  readonly realtime: RealtimeHub
  readonly supervisor: Supervisor
  /** Names of optional plugins that did not come up. */
  missing(): readonly string[]
  readonly memory: MemoryStore
  /** The configuration as clients may see it. */
  configuration(): Readonly<Record<string, unknown>>
  connections(): Readonly<Record<string, number>>
  application(): ApplicationView | undefined
  shutdown(): void
}

/** Answers the `server` and `admin` controllers from what the composition has at hand. */
export class HostFacts extends Host {
  readonly version = VERSION

  constructor(private readonly view: HostView) {
    super()
  }

  override configuration(): Readonly<Record<string, unknown>> {
    return this.view.configuration()
  }

  override connections(): Readonly<Record<string, number>> {
    return this.view.connections()
  }

  override application(): ApplicationView | undefined {
    return this.view.application()
  }

  override readonly caches = {
    internalCache: () => Promise.resolve(),
    memoryStorage: async () => void await this.view.memory.run(['flushdb']),
  }

  override load(): { concurrentRequests: number; pendingRequests: number } {
    return { concurrentRequests: this.view.slots.taken, pendingRequests: this.view.slots.waiting }
  }

  override calls(): readonly PluginCalls[] {
    return reportCalls(this.view.supervisor)
  }

  override impaired(): readonly string[] {
    return [...this.view.missing(), ...this.view.supervisor.quarantined.keys()]
  }

  override subscriptions(): { rooms: number; subscriptions: number } {
    return this.view.realtime.totals
  }

  override realtimeCollections(index: string): readonly string[] {
    return this.view.realtime.collectionsOf(index)
  }

  override isMemoryWell(): Promise<boolean> {
    return this.view.memory.isWell()
  }

  override adminExists(): Promise<boolean> {
    return this.view.security.services.founding.adminExists()
  }

  shutdown(): void {
    this.view.shutdown()
  }
}
