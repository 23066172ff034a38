import type { ApiError } from '@mortise/sdk'
import type { Callee } from './blame.js'
import type { Breaker } from './breaker.js'
import type { Deadlines } from './deadlines.js'
import type { Meter } from './meter.js'
import type { SparseLog } from './sparse-log.js'
import type { CallKind } from './tap.js'
import type { Turns } from './turns.js'

/** What holds for one listener or action, whatever event it is called for. */
export interface CallState {
  /** Milliseconds to answer in; 0 for no limit. */
  readonly timeout: number
  readonly turns: Turns
  readonly breaker: Breaker | undefined
  /** Whether what fails passes the payload on. */
  readonly isFailOpen: boolean
}

/** What all envelopes of a host share. */
export interface EnvelopeTools {
  readonly deadlines: Deadlines
  readonly log: SparseLog
  readonly clock: () => number
}

/** What an envelope is put around. */
export interface EnvelopeParts {
  readonly subject: { readonly kind: CallKind; readonly event: string }
  readonly callee: Callee
  readonly handler: (...payload: unknown[]) => unknown
  readonly state: CallState
  readonly meter?: Meter
  readonly tools: EnvelopeTools
}

/** Why a call is not made. */
export type SkipReason = 'breaker_open' | 'too_many_calls'

/** What one call needs of the envelope that it is made in. */
export interface CallFrame extends EnvelopeParts {
  /** What stands for a call that is not made. @throws why it is not, where that is closed */
  skip(payload: readonly unknown[], reason: SkipReason): unknown
  /** What stands for a call that failed. @throws `error`, where that is closed */
  fallBack(payload: readonly unknown[], error: ApiError): unknown
  /** Says that an answer came after its time. */
  dropLate(): void
  lateness(): ApiError
  /** @param fault - What is wrong with a pipe's answer. */
  mismatch(fault: string): ApiError
}
