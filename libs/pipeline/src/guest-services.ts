import type { Api, EventEmitter, Logger, PluginStore, Realtime, Secrets } from '@mortise/sdk'
import type { Handler } from '@app/realtime'
import type { Pipeline } from './pipeline.js'

/**
 * What the host hands to one plugin, decorated or classic. Made per plugin
 * where the host is put together, so that no plugin holds another's.
 */
export interface GuestServices {
  readonly logger: Logger
  readonly secrets: Secrets
  readonly api: Api
  readonly events: EventEmitter
  readonly store: PluginStore
  /** For decorated plugins; the adapters of other shapes have their own way to it. */
  readonly realtime?: Realtime
  /** Puts the filter of a `where` before a listener; absent where nothing can be read of what is about to be deleted. */
  readonly filter?: (where: unknown, listener: Handler) => Handler
  /** For the adapters of other plugin shapes, which build requests themselves. */
  readonly pipeline: Pipeline
  /** Makes ready what the plugin has asked for while it was made: its stored collections are migrated. Called before it serves. */
  readonly prepare?: () => Promise<void>
  /** Lets go of what the plugin still holds of the host, once it is closed. */
  close?(): void
}

/** Makes the services of the plugin of that name. */
export type GuestServicesFactory = (plugin: string) => GuestServices
