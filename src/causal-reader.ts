import { mayCall, type Causation } from '@app/causation'
import { nameOf } from '@app/ordering'
import type { PluginCandidate } from '@app/packages'
import { ReaderAround, type PluginReader, type PluginStart, type StartedPlugin } from '@app/pipeline'
import { filterListener } from '@app/realtime'
import type { HookDefinition, ScheduleDefinition } from '@app/registry'

/**
 * Follows what listeners of plugins cause, wherever they run. Those of plugins
 * that cannot cause anything are left as they are. `plugins.<name>.reentrant`,
 * which does not reach the plugin, makes all its listeners reentrant.
 */
export class CausalReader extends ReaderAround {
  constructor(reader: PluginReader, private readonly causation: Causation) {
    super(reader)
  }

  async start(candidate: PluginCandidate, start: PluginStart): Promise<StartedPlugin> {
    const { reentrant = false, ...config } = start.config
    const started = await this.reader.start(candidate, { ...start, config })
    if (!mayCall(candidate.exported)) return started
    const { definition } = started
    const guard = <T extends HookDefinition>(listener: T): T => ({ ...listener, handler: this.#guard(definition.name, listener, reentrant === true) })
    const schedules = definition.schedules?.map((schedule) => ({ ...schedule, handler: this.#begin(definition.name, schedule) }))
    return { ...started, definition: { ...definition, schedules, hooks: definition.hooks.map(guard), pipes: definition.pipes.map(guard) } }
  }

  /** A run is the first step of all that it causes. */
  #begin(plugin: string, { name, handler }: ScheduleDefinition): ScheduleDefinition['handler'] {
    return this.causation.guard({ name: `plugin ${nameOf({ plugin, name })}`, event: `scheduled:${name}`, isReentrant: true, hears: () => true }, handler)
  }

  #guard(plugin: string, listener: HookDefinition, isReentrant: boolean): HookDefinition['handler'] {
    const { event, name, where, reentrant = isReentrant, handler } = listener
    return this.causation.guard({ name: `plugin ${nameOf({ plugin, name })}`, event, isReentrant: reentrant, hears: (payload) => passes(where, payload) }, handler)
  }
}

/** Whether a listener's filter lets a payload through to it. */
function passes(where: HookDefinition['where'], payload: readonly unknown[]): boolean {
  let isCalled = where === undefined
  if (where) filterListener(where, (first) => {
    isCalled = true
    return first
  })(...payload)
  return isCalled
}
