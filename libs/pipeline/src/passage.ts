import { createError, type EventDocument, type Request } from '@mortise/sdk'
import type { EventBus } from '@app/registry'
import type { Wave } from '@app/supervision'
import type { Identity } from '@app/security'
import type { DocumentEvent } from './document-events.js'
import type { ActionPlan, RequestPlan } from './plans.js'

/** What of the corridor a request goes through. Clients' requests go through all of it. */
export interface Manner {
  /** Whether hooks and pipes run. */
  readonly events: boolean
  /** Whether the user must be allowed the action. */
  readonly rights: boolean
  /** Whether what is for clients only holds: token, slots, rates, origin. */
  readonly limits: boolean
}

/** How requests of clients travel. */
export const AS_CLIENT: Manner = { events: true, rights: true, limits: true }

/** How requests of plugins travel: trusted, and unheard unless they ask. */
export const AS_PLUGIN: Manner = { events: false, rights: false, limits: false }

/** One request's way through the corridor, handed from step to step. */
export class Passage {
  identity: Identity | undefined
  /** Set by the step that finds the action. */
  action: ActionPlan | undefined
  /** Whether the request got as far as an action that exists: only then do its error events happen. */
  isStarted = false
  error: unknown = undefined
  /** What the step before yielded. */
  yielded: unknown = undefined
  /** The protocol of a client's request whose action runs; absent for what is not counted. */
  protocol: string | undefined
  /** Gives back what the request held. */
  onEnd: (() => void) | undefined

  constructor(public request: Request, readonly manner: Manner, readonly plan: RequestPlan, readonly wave?: Wave) {}

  /** Goes on with the request that a pipe gave back. @throws `plugin.runtime.unexpected_error` when it is none. */
  replace(given: unknown): void {
    if (!isRequest(given)) throw createError('plugin.runtime.unexpected_error', 'a pipe gave back something that is no request')
    this.request = given
  }

  /** Shows the request's documents to a generic event's pipes and puts back what they leave. */
  async runDocuments(event: DocumentEvent, bus: EventBus): Promise<void> {
    const documents = event.read(this.request)
    if (!documents) return
    event.write(this.request, await bus.run(event.chain, [documents, this.request]) as EventDocument[])
  }
}

/** Counts requests of clients, by protocol. Called on every request, so it must be cheap. */
export interface RequestCounter {
  /** An action that exists is about to run. */
  begin(protocol: string): void
  /** A request that was begun has its answer. */
  end(protocol: string, isFailed: boolean): void
}

/** For a host that keeps no statistics. */
export const countNothing: RequestCounter = { begin: () => undefined, end: () => undefined }

/** One step of the corridor. It does its part, or throws, which ends the walk. What it promises is left for the next as `yielded`. */
export type Step = (passage: Passage) => void | Promise<unknown>

/** Told by shape: a classic plugin may hand back a request of its own copy of the SDK. */
const isRequest = (value: unknown): value is Request =>
  typeof value === 'object' && value !== null && 'input' in value && 'context' in value && 'setError' in value
