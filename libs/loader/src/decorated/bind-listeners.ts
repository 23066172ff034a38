import { createError, readMarks, type ListenerMark, type PipeOptions } from '@mortise/sdk'
import { filterListener, type Handler } from '@app/realtime'
import type { HookDefinition, PipeDefinition } from '@app/registry'

/** Puts the filter of a `where` before a listener. */
type Filter = (where: unknown, listener: Handler) => Handler

type Methods = Record<string, ((...args: unknown[]) => unknown) | undefined>

/** The hooks and pipes that the marks on instances' classes declare, bound to those instances. */
export function bindListeners(plugin: string, instances: readonly object[], filter: Filter = filterListener): { hooks: HookDefinition[]; pipes: PipeDefinition[] } {
  const hooks: HookDefinition[] = []
  const pipes: PipeDefinition[] = []
  for (const instance of instances) {
    for (const mark of readMarks(instance.constructor)?.listeners ?? []) {
      if (mark.kind === 'hook') hooks.push({ ...bind(plugin, instance, mark, filter), durable: mark.options.durable })
      else pipes.push({ ...bind(plugin, instance, mark, filter), timeout: mark.options.timeout })
    }
  }
  return { hooks, pipes }
}

function bind(plugin: string, instance: object, { kind, event, method, options }: ListenerMark, filter: Filter): HookDefinition {
  const { where, phase, reentrant } = options
  const name = `${instance.constructor.name}.${options.name ?? method}`
  const handler = (instance as Methods)[method]
  if (typeof handler !== 'function') {
    throw createError(kind === 'hook' ? 'plugin.assert.invalid_hook' : 'plugin.assert.invalid_pipe', plugin, event)
      .with({ place: name, hint: `Write the method "${method}", or take its mark away.` })
  }
  const bound = handler.bind(instance)
  const { timeout, concurrency, queue, breaker, onFailure } = options as PipeOptions
  const budget = { timeout, concurrency, queue, breaker, onFailure }
  return {
    event, name, where, phase, reentrant, budget, handler: where ? filter(where, bound) : bound, before: listOf(options.before), after: listOf(options.after),
  }
}

const listOf = (names: string | readonly string[] | undefined): readonly string[] | undefined => (typeof names === 'string' ? [names] : names)
