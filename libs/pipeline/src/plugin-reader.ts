import type { PluginCandidate } from '@app/packages'
import type { PluginDefinition } from '@app/registry'
import type { GuestServices } from './guest-services.js'

/** Who a candidate is, as far as can be told before it is started. */
export interface PluginIdentity {
  /** Also the key of its configuration and secrets. */
  readonly name: string
  readonly version: string
}

/** What a plugin is started with. */
export interface PluginStart {
  readonly identity: PluginIdentity
  /** `plugins.<name>` of the configuration, a deep copy of its own; `{}` when absent. */
  readonly config: Record<string, unknown>
  /** `plugins.common` of the configuration. */
  readonly common: Readonly<Record<string, unknown>>
  /** Milliseconds it has to start in; 0 for no limit. */
  readonly limit: number
  readonly services: GuestServices
}

/** A plugin that runs: what it brings, and how it is stopped. */
export interface StartedPlugin {
  readonly definition: PluginDefinition
  close(): Promise<void>
  /** Whether `close` ends within a time of its own, and is to have that. */
  readonly keepsTime?: boolean
  /** Ends the thread or process it runs in as a crash would; absent where it has none of its own. */
  kill?(): void
}

/**
 * Turns candidates of one shape (decorated, classic) into definitions. The
 * loader asks its readers in turn; the first that accepts reads.
 */
export interface PluginReader {
  /** Whether the candidate has this reader's shape. */
  accepts(candidate: PluginCandidate): boolean
  /** Name, version and everything that can be checked without starting. @throws ApiError naming the fault */
  identify(candidate: PluginCandidate): PluginIdentity
  /**
   * Constructs and initialises it. The caller sets the time limit.
   *
   * @throws ApiError with `place` and `hint`; then nothing of the plugin is left running.
   */
  start(candidate: PluginCandidate, start: PluginStart): Promise<StartedPlugin>
}
