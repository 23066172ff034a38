import { PLUGIN_SETTINGS } from './config-environment.js'
import type { MortiseConfig } from './config-schema.js'

type Sections = MortiseConfig['plugins']

/**
 * The section `plugins` of the configuration as it holds now: as it was when the
 * host started, but for plugins that have come in since, which have theirs as
 * it was when they came.
 */
export class PluginSections {
  #current: Sections

  /** @param reread - The configuration as it is now, checked as a whole; absent where code has given it, which says it once. */
  constructor(first: Sections, private readonly reread?: () => MortiseConfig) {
    this.#current = first
  }

  get current(): Sections {
    return this.#current
  }

  /**
   * Reads the configuration again, for whatever comes in next, and returns what undoes that.
   *
   * @param kept - Plugins that go on running as they were configured.
   * @throws ConfigError with every fault of the whole configuration; then nothing has changed.
   */
  renew(kept: readonly string[]): () => void {
    const before = this.#current
    if (!this.reread) return () => undefined
    const renewed = { ...this.reread().plugins }
    for (const name of [...PLUGIN_SETTINGS, ...kept]) {
      const section = before[name]
      if (section === undefined) delete renewed[name]
      else renewed[name] = section
    }
    this.#current = renewed
    return () => { this.#current = before }
  }
}
