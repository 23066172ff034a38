import { createError, type ApiError } from '@mortise/sdk'
import { OrderCycle, orderingErrors } from '@app/ordering'
import { Traffic, type Supervisor } from '@app/supervision'
import { describeListener, ListenerTable, type Chain, type ChainedHook, type ChainedPipe } from './chain.js'
import { patternsOf } from './event-pattern.js'
import type { ActionDefinition, ControllerDefinition, PluginDefinition } from './plugin-definition.js'
import { RouteTable } from './route-table.js'

/** A plugin that could not be registered, with everything that is wrong with it. */
export class RegistrationError extends Error {
  constructor(readonly plugin: string, readonly faults: readonly ApiError[]) {
    super(faults.map(({ message }) => message).join('\n'))
  }
}

/** An action with what it belongs to. */
export interface RegisteredAction {
  readonly plugin: PluginDefinition
  readonly controller: string
  readonly action: ActionDefinition
}

/** Somebody's say on a plugin before it is taken in: what is wrong with it. */
export type PluginCheck = (plugin: PluginDefinition) => readonly ApiError[]

const MOST_UNHEARD = 1000

/**
 * Who is registered, and what each event's chain is. A plugin is taken wholly
 * or not at all, and taken out again without a trace. Chains are compiled on
 * first use and kept until a plugin comes or goes.
 */
export class Registry {
  readonly routes = new RouteTable()
  readonly #plugins = new Map<string, PluginDefinition>()
  readonly #actions = new Map<string, Map<string, RegisteredAction>>()
  readonly #pipes = new ListenerTable<ChainedPipe>()
  readonly #hooks = new ListenerTable<ChainedHook>()
  readonly #listeners = new Set<() => void>()
  readonly #checks = new Set<PluginCheck>()
  /** What takes out actions, routes and listeners of a plugin that is in. */
  readonly #parts = new Map<PluginDefinition, () => void>()
  /** Requests, pipes and hooks under way: what may still reach a plugin that was taken out. */
  readonly traffic = new Traffic()
  /** Events that are emitted around what is no action of the registry: controllers of an application around the host. */
  readonly foreignEvents = new Set<string>()
  /** What roles may name besides: actions by controller of an application around the host. */
  readonly foreignActions = new Map<string, Set<string>>()
  #chains = new Map<string, Chain | undefined>()

  /** @param supervisor - Puts around listeners and actions what they may take. Without one, they are called as they are. */
  constructor(private readonly supervisor?: Supervisor) {
    supervisor?.onChange(() => this.#changed())
  }

  get plugins(): readonly PluginDefinition[] {
    return [...this.#plugins.values()]
  }

  /** Controllers by name, each with its actions by name. */
  get actions(): ReadonlyMap<string, ReadonlyMap<string, RegisteredAction>> {
    return this.#actions
  }

  /** Events and patterns that something is registered under. */
  get heard(): readonly string[] {
    return [...new Set([...this.#pipes.events, ...this.#hooks.events])]
  }

  /**
   * Takes a plugin in and returns what takes it out again.
   *
   * @param old - The plugin whose place in the order it takes; nobody sees a moment without either.
   * @throws {@link RegistrationError} with all its faults, and then nothing of it stays, and `old` does.
   */
  register(plugin: PluginDefinition, old?: PluginDefinition): () => void {
    this.#parts.get(old as PluginDefinition)?.()
    try {
      this.#takeIn(plugin, old)
    } catch (fault) {
      if (old) this.#add(old)
      throw fault
    }
    if (old && old.name !== plugin.name) this.#plugins.delete(old.name)
    this.#changed()
    return () => {
      this.#parts.get(plugin)?.()
      if (this.#plugins.get(plugin.name) === plugin) this.#plugins.delete(plugin.name)
      this.#changed()
    }
  }

  /** The chain of an event, or `undefined` when nothing listens to it. */
  chainOf(event: string): Chain | undefined {
    if (this.#chains.has(event)) return this.#chains.get(event)
    const pipes = this.#pipes.listenersOf(event, this.#rank).map((pipe) => this.supervisor?.pipe(pipe, event) ?? pipe)
    const hooks = this.#hooks.listenersOf(event, this.#rank).map((hook) => this.supervisor?.hook(hook, event) ?? hook)
    const chain = pipes.length + hooks.length > 0 ? { event, pipes, hooks } : undefined
    // Event names can come from outside (an unknown action): of those that nobody hears, only so many are kept.
    if (chain || this.#chains.size < MOST_UNHEARD) this.#chains.set(event, chain)
    return chain
  }

  /** Calls `listener` whenever a plugin came or went; returns what stops that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Lets others have a say before a plugin is taken in; returns what takes their say back. */
  addCheck(check: PluginCheck): () => void {
    this.#checks.add(check)
    return () => void this.#checks.delete(check)
  }

  /** Load order. One that was put in the place of another stands where that one did. */
  readonly #rank = (plugin: string): number => [...this.#plugins.keys()].indexOf(plugin)

  #changed(): void {
    this.#chains = new Map()
    for (const listener of this.#listeners) listener()
  }

  #takeIn(plugin: PluginDefinition, old: PluginDefinition | undefined): void {
    const faults = this.#faultsOf(plugin, old)
    if (faults.length > 0) throw new RegistrationError(plugin.name, faults)
    const undo = this.supervisor?.begin(plugin.name, plugin.budget)
    this.#add(plugin)
    // Before anybody compiles chains that cannot be.
    const cycle = this.#cycleOf(plugin)
    if (!cycle) return
    this.#parts.get(plugin)?.()
    undo?.()
    if (!old) this.#plugins.delete(plugin.name)
    throw new RegistrationError(plugin.name, [cycle])
  }

  /** A name that is there already keeps its place. */
  #add(plugin: PluginDefinition): void {
    this.#plugins.set(plugin.name, plugin)
    const undo = [this.#addActions(plugin), this.routes.add(plugin), this.#addListeners(plugin)]
    this.#parts.set(plugin, () => {
      this.#parts.delete(plugin)
      for (const step of undo.reverse()) step()
    })
  }

  #faultsOf(plugin: PluginDefinition, old?: PluginDefinition): ApiError[] {
    const place = { place: plugin.place }
    const faults: ApiError[] = []
    const namesake = [...this.#plugins.values()].find((other) => other !== old && other.name.toLowerCase() === plugin.name.toLowerCase())
    if (namesake) faults.push(createError('plugin.assert.name_already_exists', plugin.name).with({ ...place, hint: `Rename it, or disable the other one in ${namesake.place}.` }))
    for (const { name } of plugin.controllers) {
      const owner = this.#ownerOf(name)
      if (owner) faults.push(createError('plugin.assert.invalid_controller_definition', name, `plugin "${owner}" has a controller of that name`).with({ ...place, hint: 'Choose another name.' }))
    }
    return [...faults, ...this.routes.faultsOf(plugin), ...[...this.#checks].flatMap((check) => check(plugin))]
  }

  #ownerOf(controller: string): string | undefined {
    return this.#actions.get(controller)?.values().next().value?.plugin.name
  }

  #addActions(plugin: PluginDefinition): () => void {
    for (const controller of plugin.controllers) {
      // One controller may be written as several classes.
      const known = this.#actions.get(controller.name) ?? []
      this.#actions.set(controller.name, new Map([...known, ...actionsOf(plugin, controller, this.supervisor)]))
    }
    return () => plugin.controllers.forEach(({ name }) => this.#actions.delete(name))
  }

  #addListeners(plugin: PluginDefinition): () => void {
    const owner = { plugin: plugin.name, translate: plugin.translate }
    const pipes = plugin.pipes.map((pipe): ChainedPipe => ({ ...pipe, ...owner, listener: describeListener('pipe', pipe) }))
    const hooks = plugin.hooks.filter(({ durable }) => !durable).map((hook): ChainedHook => ({ ...hook, ...owner, listener: describeListener('hook', hook) }))
    pipes.forEach((pipe) => this.#pipes.add(pipe))
    hooks.forEach((hook) => this.#hooks.add(hook))
    return () => {
      pipes.forEach((pipe) => this.#pipes.remove(pipe))
      hooks.forEach((hook) => this.#hooks.remove(hook))
    }
  }

  /** Patterns meet other listeners than their own, so each event that the plugin may hear is tried. */
  #cycleOf(plugin: PluginDefinition): ApiError | undefined {
    const own = new Set([...plugin.pipes, ...plugin.hooks].map(({ event }) => event))
    for (const event of this.heard.filter((heard) => patternsOf(heard).some((pattern) => own.has(pattern)))) {
      try {
        this.#pipes.listenersOf(event, this.#rank)
        this.#hooks.listenersOf(event, this.#rank)
      } catch (error) {
        if (!(error instanceof OrderCycle)) throw error
        const where = error.listeners.find((listener) => listener.plugin === plugin.name)?.name ?? event
        return orderingErrors.order_cycle(event, error.message).with({ place: `${plugin.place} → ${where}`, hint: 'Take one of these wishes back.' })
      }
    }
    return undefined
  }
}

function actionsOf(plugin: PluginDefinition, controller: ControllerDefinition, supervisor?: Supervisor): Map<string, RegisteredAction> {
  const inPlace = (action: ActionDefinition): ActionDefinition => {
    const name = `${controller.name}:${action.name}`
    const callee = { plugin: plugin.name, listener: `action ${name}`, translate: plugin.translate }
    return supervisor ? { ...action, handler: supervisor.action(callee, name, action.handler) } : action
  }
  return new Map(controller.actions.map((action) => [action.name, { plugin, controller: controller.name, action: inPlace(action) }]))
}
