import { readMarks, type Class, type PluginOptions, type StrategyMethods } from '@mortise/sdk'
import type { StrategyDefinition } from '@app/registry'
import type { StrategyShape } from '../wire/messages.js'
import { isCloneable } from '../wire/error.format.js'
import type { RunRemote } from './remote-definition.js'

/**
 * An isolated plugin's ways to log in. The Passport strategy itself runs in
 * the host, which hands it requests and gets its redirects and pages; what the
 * plugin does with credentials is done where the plugin runs.
 */
export function defineStrategies(exported: unknown, shapes: readonly StrategyShape[], run: RunRemote): StrategyDefinition[] {
  const marks = classesOf(exported).flatMap((type) => readMarks(type)?.strategy ?? [])
  return shapes.flatMap(({ name, options, methods }) => {
    const mark = marks.find((each) => each.name === name)
    if (!mark) return []
    const remote = Object.entries(methods).map(([method, handler]) => {
      const call = (...payload: unknown[]): Promise<unknown> => run(handler, `Method ${method} of strategy "${name}"`, payload)
      return [method, method === 'verify' ? (request: object, ...given: unknown[]) => call(withoutMachinery(request), ...given) : call]
    })
    const own = typeof mark.options === 'function' ? options : mark.options
    return [{ ...mark, options: own, methods: Object.fromEntries(remote) as unknown as StrategyMethods }]
  })
}

/** Every class of the plugin that may be marked. */
function classesOf(exported: unknown): unknown[] {
  const { controllers = [], providers = [] } = readMarks(exported)?.plugin as PluginOptions
  return [exported, ...controllers, ...providers.map((provider) => ('provide' in provider ? provider.useClass as Class : provider))]
}

/** What Passport strategies need of a server (sockets, streams, functions) does not cross; what people send does. */
function withoutMachinery(request: object): object {
  return Object.fromEntries(Object.entries(request).filter(([key, value]) => key === 'original' || isCloneable(value)))
}
