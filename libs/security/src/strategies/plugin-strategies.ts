import { Strategies, type AddedStrategy } from '@mortise/sdk'
import type { StrategyRegistry } from './strategy-registry.js'

/** The {@link Strategies} that one plugin gets: what it adds is known to be its own. */
export class PluginStrategies extends Strategies {
  constructor(private readonly registry: StrategyRegistry, private readonly plugin: string) {
    super()
  }

  add(name: string, { options, methods, ...rest }: AddedStrategy): Promise<void> {
    const definition = { ...rest, name, methods, options: typeof options === 'function' ? options(methods) as object : options }
    return this.registry.add(this.plugin, definition)
  }

  remove(name: string): Promise<void> {
    return this.registry.remove(this.plugin, name)
  }
}
