import { ApiError, readMarks, type Class, type PluginOptions } from '@mortise/sdk'
import { bindSchedules } from '@app/background'
import type { PluginCandidate } from '@app/packages'
import type { GuestServices, PluginIdentity, PluginReader, PluginStart, StartedPlugin } from '@app/pipeline'
import type { PluginDefinition } from '@app/registry'
import { BootError } from '../boot-report.js'
import { bindControllers } from './bind-controllers.js'
import { bindListeners } from './bind-listeners.js'
import { bindProtocols } from './bind-protocols.js'
import { bindStrategies } from './bind-strategies.js'
import { checkMarks } from './check-marks.js'
import { fromNest } from './nest-exceptions.js'
import { closeContext, openContext, type PluginContext } from './plugin-context.js'
import { readConfig } from './read-config.js'

/** Reads classes marked with `@Plugin`, whichever copy of the SDK marked them. */
export class DecoratedReader implements PluginReader {
  constructor(private readonly hostVersion: string) {}

  accepts({ exported }: PluginCandidate): boolean {
    return readMarks(exported)?.plugin !== undefined
  }

  /** @throws {@link BootError} with everything that is wrong with its marks. */
  identify({ exported, place, packageJson }: PluginCandidate): PluginIdentity {
    const faults = checkMarks(exported as Class, place, this.hostVersion)
    if (faults.length > 0) throw new BootError(faults.map((fault) => within(place, fault)))
    const { name, version } = optionsOf(exported)
    return { name, version: version ?? (typeof packageJson.version === 'string' ? packageJson.version : '') }
  }

  /** @throws {@link BootError} with every fault of its configuration. */
  async start({ exported, place }: PluginCandidate, { identity: { name, version }, config, services }: PluginStart): Promise<StartedPlugin> {
    const options = optionsOf(exported)
    const checked = await readConfig(name, config, options.config)
    try {
      const context = await openContext(exported as Class, { ...services, config: checked })
      const definition: PluginDefinition = { name, version, kind: 'decorated', place, securities: options.securities, translate: fromNest, ...await bind(options, context, services) }
      return { definition, close: () => closeContext(context, services.logger).finally(() => services.close?.()) }
    } catch (thrown) {
      services.close?.()
      // What the plugin itself throws has no place: the loader looks for it in the stack.
      throw ApiError.is(thrown) && thrown.place ? within(place, thrown) : thrown
    }
  }
}

/** What the marks on a plugin's instances declare; if one of them cannot be bound, the plugin is closed. */
async function bind(options: PluginOptions, context: PluginContext, { filter, prepare }: GuestServices): Promise<Pick<PluginDefinition, 'hooks' | 'pipes' | 'controllers' | 'strategies' | 'protocols' | 'schedules'>> {
  try {
    const controllers = bindControllers(options, context)
    const protocols = bindProtocols(options.name, context.instances)
    const bound = { ...bindListeners(options.name, context.instances, filter), controllers, protocols, strategies: bindStrategies(context.instances), schedules: bindSchedules(context.instances) }
    await prepare?.()
    for (const instance of context.instances as readonly { onHealthCheck?(): unknown }[]) await instance.onHealthCheck?.()
    return bound
  } catch (fault) {
    await context.nest.close()
    throw fault
  }
}

/** Faults know the class or method; a person also wants to know where that lies. */
const within = (place: string, fault: ApiError): ApiError => fault.with({ place: fault.place ? `${place} → ${fault.place}` : place })

const optionsOf = (exported: unknown): PluginOptions => readMarks(exported)?.plugin as PluginOptions
