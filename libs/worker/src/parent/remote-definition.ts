import type { GuestServices } from '@app/pipeline'
import { filterListener } from '@app/realtime'
import type { ActionDefinition, HookDefinition, PluginDefinition } from '@app/registry'
import type { ListenerShape, PluginShape } from '../wire/messages.js'

/** Calls the handler of that number in the plugin's thread or process. `subject` names it in errors. */
export type RunRemote = (handler: number, subject: string, payload: readonly unknown[]) => Promise<unknown>

/**
 * What an isolated plugin brings, as the host registers it. A listener's
 * filter is applied on this side, so that what does not match never crosses.
 */
export function defineRemote({ hooks, pipes, controllers, schedules, securities }: PluginShape, run: RunRemote, filter: GuestServices['filter'] = filterListener): Pick<PluginDefinition, 'hooks' | 'pipes' | 'controllers' | 'schedules' | 'securities'> {
  const bind = (kind: string) => ({ handler, ...listener }: ListenerShape): HookDefinition => {
    const call = (...payload: unknown[]): Promise<unknown> => run(handler, `${kind} ${listener.name} on "${listener.event}"`, payload)
    return { ...listener, handler: listener.where ? filter(listener.where, call) : call }
  }
  return {
    securities,
    hooks: hooks.map(bind('Hook')),
    pipes: pipes.map(bind('Pipe')),
    schedules: schedules.map(({ handler, ...schedule }) => ({ ...schedule, handler: (planned) => run(handler, `Scheduled method ${schedule.name}`, [planned]) })),
    controllers: controllers.map(({ name, actions }) => ({
      name,
      actions: actions.map(({ handler, ...action }): ActionDefinition => ({ ...action, handler: (request) => run(handler, `Action ${name}:${action.name}`, [request]) })),
    })),
  }
}
