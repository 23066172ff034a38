/** A plugin as administrators see it. */
export interface PluginEntry {
  readonly name: string
  /**
   * `running`: it is loaded now. `quarantined`: it is, and is not called. `missing`: it should be, and is not, as it is not required.
   * `available`: it could be. `enabled`: the next start will load it.
   */
  readonly state: 'running' | 'quarantined' | 'missing' | 'enabled' | 'available'
  /** Why it is in quarantine, or missing. */
  readonly reason?: string
  readonly version: string
  /** The real folder it was, or would be, read from. */
  readonly folder: string
  readonly kind?: 'decorated' | 'classic'
  /** Where it runs; absent for one that does not. */
  readonly isolation?: 'inline' | 'thread' | 'process'
}

/** What a change of plugins came to. */
export interface PluginChange {
  readonly name: string
  /** What came, a line each; what went, for one that was disabled. */
  readonly brings: readonly string[]
  /** What is worth knowing but kept nothing from being done. */
  readonly notices: readonly string[]
}

/**
 * Where plugins are switched on and off while the host runs. The composition
 * extends it; a host that has none refuses the actions.
 */
export abstract class PluginDesk {
  /** Everything that runs or may. */
  abstract list(): Promise<readonly PluginEntry[]>
  /** @throws ApiError saying why it stays as it was */
  abstract enable(name: string): Promise<PluginChange>
  /** @throws ApiError saying why it stays as it was */
  abstract disable(name: string): Promise<PluginChange>
  /** @throws ApiError saying why the old one stays */
  abstract reload(name: string): Promise<PluginChange>
}
