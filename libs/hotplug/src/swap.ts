import { ApiError, type Logger } from '@mortise/sdk'
import { BootError, type AsidePlugin, type Loader } from '@app/loader'
import type { PluginCandidate } from '@app/packages'
import type { PluginDefinition, Registry } from '@app/registry'

/** What plugins are swapped with. */
export interface SwapParts {
  readonly loader: Loader
  readonly registry: Registry
  readonly logger: Logger
  /** Puts in place what a plugin needs besides code, such as data that it brings. @throws what keeps it from being */
  readonly prepare: (definition: PluginDefinition) => Promise<void>
  /** Resolves once the doors are those of the plugins that are registered; to what kept any from opening. */
  readonly settleDoors: () => Promise<readonly ApiError[]>
  /** Milliseconds that calls under way have to end in before a plugin is stopped that has gone. */
  readonly drainTimeout: number
}

/**
 * Brings plugins in and out while requests come. A plugin is started aside, takes
 * its place in one turn of the event loop, and the one before is stopped once
 * all calls have ended that may still reach it.
 */
export class Swap {
  readonly #retiring = new Set<Promise<void>>()

  constructor(private readonly parts: SwapParts) {}

  /**
   * Puts a candidate in the place of the plugin called `old`, or behind all others.
   *
   * @throws BootError with everything that is wrong; then all is as it was.
   */
  async in(candidate: PluginCandidate, old?: string): Promise<PluginDefinition> {
    const { loader, prepare } = this.parts
    const aside = await loader.startAside(candidate, old)
    try {
      await prepare(aside.definition)
      const before = loader.swapIn(aside, old)
      await this.#openDoors(aside, before)
      if (before) this.#retire(before)
      return aside.definition
    } catch (thrown) {
      await loader.stop(aside)
      throw thrown
    }
  }

  /** Takes a plugin out; yields what it brought. @throws `plugin.assert.plugin_not_found` */
  async out(name: string): Promise<PluginDefinition> {
    const gone = this.parts.loader.takeOut(name)
    await this.parts.settleDoors()
    this.#retire(gone)
    return gone.definition
  }

  /** Resolves once nothing waits to be stopped. */
  async settled(): Promise<void> {
    await Promise.all(this.#retiring)
  }

  /** Where a door of the new one does not open, the old one gets its place back. */
  async #openDoors({ definition }: AsidePlugin, before: AsidePlugin | undefined): Promise<void> {
    const { loader, settleDoors } = this.parts
    const faults = (await settleDoors()).filter(({ place }) => place === definition.place)
    if (faults.length === 0) return
    if (before) loader.swapIn(before, definition.name)
    else loader.takeOut(definition.name)
    await settleDoors()
    throw new BootError(faults)
  }

  #retire(plugin: AsidePlugin): void {
    const work = this.#drain(plugin.definition.name).then(() => this.parts.loader.stop(plugin)).finally(() => this.#retiring.delete(work))
    this.#retiring.add(work)
  }

  async #drain(name: string): Promise<void> {
    const { registry, drainTimeout, logger } = this.parts
    let timer: NodeJS.Timeout | undefined
    const expiry = new Promise<'late'>((resolve) => { timer = setTimeout(() => resolve('late'), drainTimeout) })
    const outcome = await Promise.race([registry.traffic.drained(), expiry])
    clearTimeout(timer)
    if (outcome === 'late') logger.warn(`Plugin "${name}" is stopped though calls that may reach it have not ended within ${drainTimeout} ms.`)
  }
}
