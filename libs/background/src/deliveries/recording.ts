import { randomUUID } from 'node:crypto'
import type { Request } from '@mortise/sdk'
import type { PackedCause } from '@app/causation'
import type { Registry } from '@app/registry'
import type { DocumentChange, Recorder } from '@app/storage'
import { durableHooksOf, isDurable, type DurableHook } from './durable-hooks.js'
import { writeDelivery, writeRequest } from './delivery-format.js'

/** Who is to be told durably of what an action writes, by the kind of change. Compiled when plugins come or go. */
export type RecordingPlan = Readonly<Record<DocumentChange['kind'], readonly DurableHook[]>>

const GENERIC = { write: 'generic:document:afterWrite', update: 'generic:document:afterUpdate', delete: 'generic:document:afterDelete' } as const

/** The plan of an action; `undefined` where nobody listens durably or nothing is written. */
export function planRecording(controller: string, action: string, registry: Registry): RecordingPlan | undefined {
  const own = `${controller}:after${action.charAt(0).toUpperCase()}${action.slice(1)}`
  if (!isDurable(own) && controller !== 'bulk') return undefined
  const hooks = durableHooksOf(registry)
  const heard = (kind: DocumentChange['kind']): DurableHook[] => hooks.filter(({ event }) => event === own || event === GENERIC[kind])
  const plan = { write: heard('write'), update: heard('update'), delete: heard('delete') }
  return Object.values(plan).some((recipients) => recipients.length > 0) ? plan : undefined
}

/** What is to be recorded of the writes of a request, where somebody listens durably. */
const recorders = new WeakMap<Request, Recorder>()

/**
 * From here on, writes that the request's action carries out are recorded,
 * with what led to the request, if it is in a chain of causes.
 *
 * @throws `plugin.background.cannot_be_kept` when the request is not plain data; then nothing has been written.
 */
export function recordWrites(request: Request, plan: RecordingPlan, cause?: PackedCause): void {
  const asked = writeRequest(request, cause)
  recorders.set(request, (change) => plan[change.kind].map(({ plugin, name, event }) => ({
    key: randomUUID(), plugin, listener: name, event, entity: entityOf(change), payload: writeDelivery(asked, change),
  })))
}

/** What the store is to record with the writes of a request. */
export const recorderOf = (request: Request): Recorder | undefined => recorders.get(request)

/** An id may hold anything, which is escaped. */
const entityOf = ({ index, collection, document }: DocumentChange): string => `${index}/${collection}/${JSON.stringify(document._id).slice(1, -1)}`
