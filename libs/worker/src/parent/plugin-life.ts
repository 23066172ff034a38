import type { Causation } from '@app/causation'
import type { GuestServices } from '@app/pipeline'
import { unpackError } from '../wire/error.format.js'
import type { ForHost, ForPlugin, PluginShape, StartOrder } from '../wire/messages.js'
import type { WireValue } from '../wire/payload.format.js'
import { Wire } from '../wire/wire.js'
import { workerErrors } from '../worker.errors.js'
import type { Child } from './open-child.js'
import { serveHost, type HostServices } from './serve-host.js'

/** How a child is watched. */
export interface Patience {
  /** Milliseconds between two questions whether it still answers. */
  readonly beat: number
  /** Questions in a row without an answer after which it is ended. */
  readonly beats: number
  /** Milliseconds it has to run its shutdown methods in. */
  readonly close: number
}

/** What a life is made from. */
export interface LifeParts {
  readonly order: StartOrder
  readonly services: GuestServices
  readonly causation: Causation
  readonly patience: Patience
  /** Milliseconds to start in; 0 for no limit. */
  readonly startLimit: number
  /** Throws everything that is wrong with the plugin at once. */
  readonly refuse: (faults: readonly unknown[]) => Error
}

/** One life of a plugin in a thread or process: from its start to whatever ends it. */
export class PluginLife {
  readonly #wire: Wire<ForHost, ForPlugin>
  readonly #host: HostServices
  #reason: string | undefined
  #missed = 0
  /** Resolves to why it ended, once it has. */
  readonly ended: Promise<string>

  constructor(private readonly child: Child, private readonly parts: LifeParts) {
    this.#host = serveHost(parts.services, parts.causation, (subscription, notification) => this.#wire.tell('notify', subscription, notification, parts.causation.pack()))
    this.#wire = new Wire<ForHost, ForPlugin>(child, {
      ...this.#host.handlers,
      crash: (error) => this.#crashed(unpackError(error)),
    }, (fault) => this.kill(`it said what makes no sense: ${fault.message}`))
    this.ended = child.ended.then((reason) => this.#end(reason))
  }

  /** How many calls it has not answered. */
  get load(): number {
    return this.#wire.load
  }

  /** Loads and starts the plugin. @throws what is wrong with it; then it has ended. */
  async start(): Promise<PluginShape> {
    const { order, startLimit } = this.parts
    const limit = startLimit > 0 ? setTimeout(() => this.kill(`it has not started within ${startLimit} ms`), startLimit) : undefined
    try {
      const started = await this.#wire.call('start', order)
      if ('faults' in started) throw this.parts.refuse(started.faults.map(unpackError))
      this.#watch()
      return started.shape
    } catch (thrown) {
      this.kill('it did not start')
      throw thrown
    } finally {
      clearTimeout(limit)
    }
  }

  run(handler: number, payload: readonly WireValue[]): Promise<ReturnType<ForPlugin['run']>> {
    return this.#wire.call('run', handler, payload, this.parts.causation.pack())
  }

  /** Has it run its shutdown methods, then ends it. @throws what they throw */
  async close(): Promise<void> {
    const { close } = this.parts.patience
    const limit = setTimeout(() => this.kill(`it has not closed within ${close} ms`), close)
    try {
      await this.#wire.call('close')
    } finally {
      clearTimeout(limit)
      this.kill('it was stopped')
      await this.ended
    }
  }

  /** Asks at intervals whether the child still answers. What the host itself sleeps through does not count: a timer fires once for it. */
  #watch(): void {
    const { beat, beats } = this.parts.patience
    const timer = setInterval(() => {
      if (this.#missed++ >= beats) return this.kill(`it has not answered for ${beat * beats} ms`)
      this.#wire.call('ping').then(() => { this.#missed = 0 }, () => clearInterval(timer))
    }, beat)
    timer.unref()
    void this.ended.then(() => clearInterval(timer))
  }

  #crashed(thrown: unknown): void {
    this.#reason ??= `it threw where nothing catches: ${thrown instanceof Error ? thrown.message : String(thrown)}`
    this.parts.services.logger.error(thrown)
  }

  /** Ends it wherever it stands; `reason` is half a sentence. */
  kill(reason: string): void {
    this.#reason ??= reason
    this.child.kill()
  }

  #end(reason: string): string {
    const why = this.#reason ?? reason
    this.#host.close()
    this.#wire.cut(() => workerErrors.unavailable(this.parts.order.identity.name, why))
    return why
  }
}
