import { randomUUID } from 'node:crypto'
import { createError } from '@mortise/sdk'
import type { HookDefinition, PipeDefinition, PluginDefinition } from '@app/registry'
import type { PluginFunction } from '../classic-plugin.js'
import { pipeHandler } from '../declarations/pipe-handler.js'
import type { Stage } from './stage.js'

/** Listeners by event, as classic plugins declare them. */
type Declared = Readonly<Record<string, readonly PluginFunction[]>>

type Kind = 'hook' | 'pipe'

/**
 * What an application listens to: `app.pipe` and `app.hook`. Before it starts,
 * listeners are declared with all the rest; from then on each comes and goes
 * while the host runs.
 */
export class ApplicationListeners {
  readonly #declared: Record<Kind, Record<string, PluginFunction[]>> = { hook: {}, pipe: {} }
  #pipes: readonly (PipeDefinition & { id: string })[] = []
  #hooks: readonly HookDefinition[] = []
  #unregister: (() => void) | undefined

  constructor(private readonly application: string, private readonly stage: Stage) {}

  get declaredPipes(): Declared {
    return this.#declared.pipe
  }

  get declaredHooks(): Declared {
    return this.#declared.hook
  }

  readonly pipe = {
    /** Returns an id for {@link ApplicationListeners.pipe.unregister}. @throws `plugin.assert.invalid_pipe` for what is no function */
    register: (event: string, handler: PluginFunction): string => {
      const id = randomUUID()
      const { parts } = this.stage
      if (this.#declare('pipe', event, handler) || !parts) return id
      const method = { call: handler, name: `app.pipe.${handler.name || 'register'}`, parameters: handler.length }
      this.#pipes = [...this.#pipes, { id, event, name: method.name, handler: pipeHandler(method, event, parts.logger) }]
      this.#register()
      return id
    },
    /** Of those that were registered while the host runs. @throws `plugin.runtime.unknown_pipe` */
    unregister: (id: string): void => {
      const left = this.#pipes.filter((pipe) => pipe.id !== id)
      if (left.length === this.#pipes.length) throw createError('plugin.runtime.unknown_pipe', id)
      this.#pipes = left
      this.#register()
    },
  }

  readonly hook = {
    /** @throws `plugin.assert.invalid_hook` for what is no function */
    register: (event: string, handler: PluginFunction): void => {
      if (this.#declare('hook', event, handler)) return
      this.#hooks = [...this.#hooks, { event, name: `app.hook.${handler.name || 'register'}`, handler }]
      this.#register()
    },
  }

  close(): void {
    this.#unregister?.()
    this.#unregister = undefined
  }

  /** Whether it could still be declared. */
  #declare(kind: Kind, event: string, handler: PluginFunction): boolean {
    if (typeof handler !== 'function') {
      throw createError(kind === 'hook' ? 'plugin.assert.invalid_hook' : 'plugin.assert.invalid_pipe', this.application, event).with({ place: `app.${kind}.register` })
    }
    if (this.stage.parts) return false
    ;(this.#declared[kind][event] ??= []).push(handler)
    return true
  }

  /** These come last, as one plugin, which is taken out and in again when they change. */
  #register(): void {
    const definition: PluginDefinition = {
      name: `${this.application}-listeners`, version: '', kind: 'classic', place: 'the application', hooks: this.#hooks, pipes: this.#pipes, controllers: [],
    }
    this.#unregister?.()
    this.#unregister = this.stage.require('pipe.register').registry.register(definition)
  }
}
