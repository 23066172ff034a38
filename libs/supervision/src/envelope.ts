import type { ApiError } from '@mortise/sdk'
import { BudgetedCall } from './budgeted-call.js'
import type { CallFrame, EnvelopeParts, SkipReason } from './call-frame.js'
import { isFailure } from './meter.js'
import { lateness, mismatch } from './pipe-faults.js'
import { supervisionErrors } from './supervision.errors.js'

/** Calls whose answer nobody waits for. */
const UNAWAITED: ReadonlySet<EnvelopeParts['subject']['kind']> = new Set(['hook', 'protocol', 'notification'])

/** Stands between an event and a listener that has a budget: compiled with the chain, so that one without has none. */
export class Envelope implements CallFrame {
  readonly subject: EnvelopeParts['subject']
  readonly callee: EnvelopeParts['callee']
  readonly handler: EnvelopeParts['handler']
  readonly state: EnvelopeParts['state']
  readonly meter: EnvelopeParts['meter']
  readonly tools: EnvelopeParts['tools']

  constructor({ subject, callee, handler, state, meter, tools }: EnvelopeParts) {
    this.subject = subject
    this.callee = callee
    this.handler = handler
    this.state = state
    this.meter = meter
    this.tools = tools
  }

  /** Calls the listener as far as its budget goes. */
  readonly call = (...payload: unknown[]): unknown => {
    const { turns, breaker } = this.state
    if (breaker?.isRefusing) return this.skip(payload, 'breaker_open')
    const turn = turns.enter()
    if (turn === false) return this.skip(payload, 'too_many_calls')
    const call = new BudgetedCall(this, payload)
    return turn === true ? call.run() : call.wait(turn)
  }

  /** Answers in place of a listener that is not called. @throws `plugin.runtime.breaker_open` or `.too_many_calls` where that is closed. */
  skip(payload: readonly unknown[], reason: SkipReason): unknown {
    const { callee: { plugin }, subject: { event } } = this
    return this.refuse(payload, supervisionErrors[reason](plugin, event))
  }

  /** Counts a call that is not made. What nobody waits for is left out; the others fail as they are to. */
  refuse(payload: readonly unknown[], error: ApiError): unknown {
    this.meter?.skip(error)
    if (!UNAWAITED.has(this.subject.kind)) return this.fallBack(payload, error)
    this.#warn(() => `${error.message} It is not told.`)
    return undefined
  }

  /** The payload as it was given, where a failure is to open. @throws the error otherwise */
  fallBack(payload: readonly unknown[], error: ApiError): unknown {
    const isPassedBy = this.subject.kind === 'pipe' && this.state.isFailOpen && isFailure(error)
    if (!isPassedBy) throw error.with({ place: error.place ?? `plugin "${this.callee.plugin}" → ${this.callee.listener}` })
    this.#warn(() => `${this.callee.listener} of plugin "${this.callee.plugin}" failed and was passed by, as it fails open: ${error.message}`)
    return payload[0]
  }

  dropLate(): void {
    const { callee: { plugin, listener }, subject: { event }, state: { timeout } } = this
    this.#warn(() => `Plugin "${plugin}" answered "${event}" after its ${timeout} ms had passed (${listener}); the answer is dropped.`)
  }

  lateness(): ApiError {
    const { callee, subject: { kind, event }, state: { timeout } } = this
    return kind === 'pipe' ? lateness(callee, event, timeout) : supervisionErrors.call_timeout(callee.plugin, callee.listener, timeout)
  }

  mismatch(fault: string): ApiError {
    return mismatch(this.callee, this.subject.event, fault)
  }

  #warn(describe: () => string): void {
    this.tools.log.warn(`${this.callee.plugin} ${this.callee.listener}`, describe)
  }
}
