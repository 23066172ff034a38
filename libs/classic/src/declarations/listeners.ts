import { createError, type Logger } from '@mortise/sdk'
import type { HookDefinition, PipeDefinition } from '@app/registry'
import { isRecord, type ClassicPlugin, type PluginFunction } from '../classic-plugin.js'
import type { Era } from '../identity/era.js'
import { findOldEvent } from './old-events.js'
import { findMethod, isMissing, type FoundMethod } from './find-method.js'
import { pipeHandler } from './pipe-handler.js'

/** What listeners are read for. */
export interface ListenerOwner {
  readonly name: string
  readonly place: string
  readonly plugin: ClassicPlugin
  readonly era: Era
  readonly logger: Logger
  /** `plugins.<name>` of the configuration. */
  readonly config: Readonly<Record<string, unknown>>
  /** Whether actions of `api` may carry properties that mean nothing to the host. */
  readonly allowsMore: boolean
}

/** What actions are read for. */
export type ActionOwner = Pick<ListenerOwner, 'name' | 'place' | 'plugin' | 'era' | 'allowsMore'>

/**
 * Reads `hooks`: `{ event: method name | function | list of these }`. A hook
 * gets the event's payload and, last, the event or pattern as it stands
 * there; plugins of the first generation get only the first of the payload.
 *
 * @throws `plugin.assert.invalid_hook` with the nearest method as hint
 */
export function readHooks(owner: ListenerOwner): HookDefinition[] {
  return readListeners(owner, 'hook', ({ method, event, declared, adapt }) => ({ event, name: method.name, handler: adapt(owner.era.hearsOnePayload ? hearOne(method, declared) : method.call) }))
}

/**
 * Reads `pipes`, of the same shape. `pipeTimeout` and `pipeWarnTime` of the
 * plugin's configuration go before the host's.
 *
 * @throws `plugin.assert.invalid_pipe` with the nearest method as hint
 */
export function readPipes(owner: ListenerOwner): PipeDefinition[] {
  const limits = { timeout: milliseconds(owner.config.pipeTimeout), warnTime: milliseconds(owner.config.pipeWarnTime) }
  return readListeners(owner, 'pipe', ({ method, event, declared, adapt }) => ({ event, name: method.name, handler: adapt(pipeHandler(method, declared, owner.logger)), ...limits }))
}

const milliseconds = (value: unknown): number | undefined => (typeof value === 'number' && value >= 0 ? value : undefined)

const hearOne = ({ call }: FoundMethod, declared: string): PluginFunction => (...payloadAndEvent) =>
  call(payloadAndEvent.length > 1 ? payloadAndEvent[0] : undefined, declared)

/** The first generation told of notifications as done or pending; ours are told once they are done. */
const withState = ({ call, ...method }: FoundMethod): FoundMethod => ({
  ...method, call: (notification, ...rest) => call({ state: 'done', ...notification as object }, ...rest),
})

/** A listener as it is to be registered: to an event of today, which the plugin may know by another name. */
interface FoundListener {
  readonly method: FoundMethod
  readonly event: string
  readonly declared: string
  readonly adapt: (listener: PluginFunction) => PluginFunction
}

const asItIs = (listener: PluginFunction): PluginFunction => listener

/** Reads `hooks` or `pipes`, a listener of each. @throws `plugin.assert.invalid_hook`, `plugin.assert.invalid_pipe` with the nearest method as hint */
export function readListeners<T>(owner: ListenerOwner, kind: 'hook' | 'pipe', make: (listener: FoundListener) => T): T[] {
  const declared = owner.plugin[`${kind}s`]
  if (declared === undefined || declared === null) return []
  if (!isRecord(declared)) throw invalid(owner, kind, '*', `Let "${kind}s" be an object with events as keys.`)
  return Object.entries(declared).flatMap(([event, listeners]) => [listeners].flat().flatMap((listener) => {
    const found = findMethod(owner.plugin, listener, `${kind}s`)
    if (isMissing(found)) throw invalid(owner, kind, event, found.hint)
    const method = owner.era.hearsState && event.startsWith('notify:') ? withState(found) : found
    const { events = [event], adapt } = (owner.era.generation === 1 ? findOldEvent(event) : undefined) ?? {}
    return events.map((today) => make({ method, event: today, declared: event, adapt: adapt?.[kind] ?? asItIs }))
  }))
}

const invalid = ({ name, place }: ListenerOwner, kind: 'hook' | 'pipe', event: string, hint: string): Error =>
  createError(kind === 'hook' ? 'plugin.assert.invalid_hook' : 'plugin.assert.invalid_pipe', name, event)
    .with({ place: `${place} → ${kind}s["${event}"]`, hint })
