import { randomUUID } from 'node:crypto'
import { createError, type Logger } from '@mortise/sdk'
import type { EventBus, HookDefinition, PipeDefinition, PluginDefinition, Registry } from '@app/registry'
import type { ClassicHost } from '../classic-host.js'
import type { PluginFunction } from '../classic-plugin.js'
import { classicLog, type ClassicLog } from '../context/log.js'
import { pipeHandler } from '../declarations/pipe-handler.js'
import { EmbeddedSdk } from '../sdk/embedded-sdk.js'
import type { InnerTransport } from '../sdk/inner-protocol.js'

/** What the application is made of. */
export interface ApplicationParts {
  readonly registry: Registry
  readonly bus: EventBus
  readonly logger: Logger
  readonly host: Pick<ClassicHost, 'locks' | 'nodeId'>
  readonly transport: InnerTransport
}

/** The name under which what the application listens to is registered. */
const NAME = 'application'

/**
 * What plugins of the second generation know as `global.app` and
 * `global.kuzzle`: the application that they run in. They register listeners
 * on it, also while it runs, and ask each other questions through it.
 */
export class Application {
  readonly log: ClassicLog
  readonly sdk: EmbeddedSdk
  readonly nodeId: string
  #isStarted = false
  #pipes: readonly (PipeDefinition & { id: string })[] = []
  #hooks: readonly HookDefinition[] = []
  #unregister: (() => void) | undefined
  readonly #answers = new Map<string, PluginFunction>()

  constructor(readonly parts: ApplicationParts) {
    this.log = classicLog(parts.logger)
    this.sdk = new EmbeddedSdk(parts.transport)
    this.nodeId = parts.host.nodeId
  }

  /** Whether the host takes requests. */
  get started(): boolean {
    return this.#isStarted
  }

  /** To be called when the host takes requests. */
  markStarted(): void {
    this.#isStarted = true
  }

  /** Emits any event, and resolves to its payload as pipes left it. */
  readonly trigger = (event: string, ...payload: unknown[]): Promise<unknown> => this.parts.bus.emit(event, ...payload)

  readonly pipe = {
    /** Returns an id for {@link Application.pipe.unregister}. */
    register: (event: string, handler: PluginFunction): string => {
      const method = { call: handler, name: `app.pipe.${handler.name || 'register'}`, parameters: handler.length }
      const id = randomUUID()
      this.#pipes = [...this.#pipes, { id, event, name: method.name, handler: pipeHandler(method, event, this.parts.logger) }]
      this.#register()
      return id
    },
    /** @throws `plugin.runtime.unknown_pipe` */
    unregister: (id: string): void => {
      const left = this.#pipes.filter((pipe) => pipe.id !== id)
      if (left.length === this.#pipes.length) throw createError('plugin.runtime.unknown_pipe', id)
      this.#pipes = left
      this.#register()
    },
  }

  readonly hook = {
    register: (event: string, handler: PluginFunction): void => {
      this.#hooks = [...this.#hooks, { event, name: `app.hook.${handler.name || 'register'}`, handler }]
      this.#register()
    },
  }

  /** Answers a question that others ask by its name. @throws when somebody answers it already */
  readonly onAsk = (event: string, answer: PluginFunction): void => {
    if (this.#answers.has(event)) throw createError('core.fatal.assertion_failed', `the event "${event}" is answered already`)
    this.#answers.set(event, answer)
  }

  /** @throws when nobody answers it, and whatever the answer throws */
  readonly ask = async (event: string, ...payload: unknown[]): Promise<unknown> => {
    const answer = this.#answers.get(event)
    if (!answer) throw createError('core.fatal.assertion_failed', `nobody answers the event "${event}"`)
    return answer(...payload)
  }

  close(): void {
    this.#unregister?.()
    this.#unregister = undefined
    this.sdk.disconnect()
  }

  /** Listeners of the application come last, as one plugin, which is taken out and in again when they change. */
  #register(): void {
    const definition: PluginDefinition = {
      name: NAME, version: '', kind: 'classic', place: 'the application', hooks: this.#hooks, pipes: this.#pipes, controllers: [],
    }
    this.#unregister?.()
    this.#unregister = this.parts.registry.register(definition)
  }
}

