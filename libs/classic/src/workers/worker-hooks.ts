import { Request } from '@mortise/sdk'
import { isPattern, type HookDefinition } from '@app/registry'
import { isRecord, type PluginFunction } from '../classic-plugin.js'
import { readListeners, type ListenerOwner } from '../declarations/listeners.js'

/** What of a worker plugin's hooks is called, and on what events it waits in vain. */
export interface WorkerHooks {
  readonly hooks: readonly HookDefinition[]
  /** Patterns: workers found their handlers by the name of the event alone. */
  readonly unheard: readonly string[]
}

/**
 * Reads `hooks` as a worker's: each gets the first of the event's payload, a
 * request as `request.serialize()` gives it, and the event.
 *
 * @throws `plugin.assert.invalid_hook` with the nearest method as hint
 */
export function readWorkerHooks(owner: ListenerOwner): WorkerHooks {
  const hooks = readListeners(owner, 'hook', ({ method, event, declared, adapt }) => ({ event, declared, name: method.name, handler: adapt(hearPlain(method.call, declared)) }))
  return {
    hooks: hooks.filter(({ declared }) => !isPattern(declared)).map(({ declared: _declared, ...hook }) => hook),
    unheard: [...new Set(hooks.map(({ declared }) => declared).filter(isPattern))],
  }
}

const hearPlain = (call: PluginFunction, event: string): PluginFunction => (message) => call(isRequest(message) ? message.serialize() : message, event)

const isRequest = (value: unknown): value is Request => isRecord(value) && isRecord(value.input) && typeof value.serialize === 'function'
