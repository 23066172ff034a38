import type { ApiError, Logger } from '@mortise/sdk'
import { blame, isThenable, whenSettled, type Traffic } from '@app/supervision'
import type { Chain, ChainedHook } from './chain.js'

/** Told that a hook failed; the bus emits `hook:onError` for it. */
export type OnHookFailure = (failure: { error: Error; event: string; pluginName: string }) => void

/**
 * Tells hooks of an event. They are called in order and never awaited; what
 * one throws, now or later, is logged under its plugin's name and reported,
 * and neither the others nor the request notice.
 */
export class HookRunner {
  constructor(private readonly logger: Logger, private readonly traffic: Traffic, private readonly onFailure: OnHookFailure) {}

  notify(chain: Chain, payload: readonly unknown[]): void {
    for (const hook of chain.hooks) this.#tell(hook, chain.event, payload)
  }

  #tell(hook: ChainedHook, event: string, payload: readonly unknown[]): void {
    const start = performance.now()
    const end = (error?: ApiError): void => hook.meter?.end(performance.now() - start, error)
    const fail = (thrown: unknown): void => this.#fail(hook, event, { error: blame(thrown, hook), end })
    try {
      const answer = hook.handler(...payload, hook.event)
      if (!isThenable(answer)) return end()
      const wave = this.traffic.enter()
      whenSettled(answer, () => (wave.leave(), end()), (thrown) => (wave.leave(), fail(thrown)))
    } catch (thrown) {
      fail(thrown)
    }
  }

  #fail(hook: ChainedHook, event: string, { error, end }: { error: ApiError; end(error: ApiError): void }): void {
    end(error)
    this.onFailure({ error, event, pluginName: hook.plugin })
    this.logger.error(error)
  }
}
