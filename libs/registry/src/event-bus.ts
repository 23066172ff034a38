import type { Logger } from '@mortise/sdk'
import type { Chain } from './chain.js'
import { HookRunner } from './hook-runner.js'
import { PipeRunner, type PipeLimits } from './pipe-runner.js'
import type { Registry } from './registry.js'

/**
 * Emits events: pipes first, one after another, then hooks, which get the
 * payload as the pipes left it. When a pipe refuses, no hook is told.
 */
export class EventBus {
  readonly #pipes: PipeRunner
  readonly #hooks: HookRunner
  /** What hooks on the log threw: telling them of it would go round in circles. */
  readonly #logFailures = new WeakSet<object>()

  constructor(private readonly registry: Registry, limits: PipeLimits, logger: Logger) {
    this.#pipes = new PipeRunner(limits, logger, registry.traffic)
    this.#hooks = new HookRunner(logger, registry.traffic, (failure) => this.#onHookFailure(failure))
  }

  /** Whether nobody listens to an event, so that its payload need not be made. */
  isSilent(event: string): boolean {
    return this.registry.chainOf(event) === undefined
  }

  /** Emits an event by name, and resolves to its first payload as the pipes left it. @throws what a pipe refuses it with. */
  emit(event: string, ...payload: unknown[]): Promise<unknown> {
    const chain = this.registry.chainOf(event)
    return chain ? this.run(chain, payload) : Promise.resolve(payload[0])
  }

  /** Tells hooks alone: for events that nothing may change or refuse. */
  notify(event: string, ...payload: unknown[]): void {
    const chain = this.registry.chainOf(event)
    if (chain) this.#hooks.notify(chain, payload)
  }

  /** Tells hooks of `log:<level>`, except of what they themselves threw. */
  log(level: string, message: unknown): void {
    if (typeof message === 'object' && message !== null && this.#logFailures.has(message)) return
    this.notify(`log:${level}`, message)
  }

  /** Emits by a chain at hand, as the pipeline does with those it compiled. */
  run(chain: Chain, payload: readonly unknown[]): Promise<unknown> {
    if (chain.pipes.length === 0) {
      this.#hooks.notify(chain, payload)
      return Promise.resolve(payload[0])
    }
    const piped = this.#pipes.run(chain, payload)
    if (chain.hooks.length === 0) return piped
    return piped.then((value) => {
      this.#hooks.notify(chain, [value, ...payload.slice(1)])
      return value
    })
  }

  #onHookFailure(failure: { error: Error; event: string; pluginName: string }): void {
    if (failure.event.startsWith('log:')) return void this.#logFailures.add(failure.error)
    if (failure.event === 'plugin:hook:loop-error') return
    if (failure.event === 'hook:onError') this.notify('plugin:hook:loop-error', { error: failure.error, pluginName: failure.pluginName })
    else this.notify('hook:onError', failure)
  }
}
