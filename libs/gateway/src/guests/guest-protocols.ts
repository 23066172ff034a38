import { createError, createErrorFrom, type ApiError, type Logger } from '@mortise/sdk'
import type { PluginDefinition, ProtocolDefinition, Registry } from '@app/registry'
import type { Supervisor } from '@app/supervision'
import type { Protocols } from '../protocols.js'
import { GuestProtocol } from './guest-protocol.js'

/** Names that no plugin's door may take: the host's own doors, and requests from within. */
const RESERVED = ['http', 'websocket', 'internal']

/** What the doors of plugins are opened with. */
export interface GuestProtocolsParts {
  readonly registry: Registry
  readonly protocols: Protocols
  readonly supervisor: Supervisor
  readonly logger: Logger
  /** Milliseconds that a door has to open or close in; 0 for no limit. */
  readonly limit: number
}

/** The doors that plugins bring: checked when a plugin is registered, open as long as it is. */
export class GuestProtocols {
  readonly #open = new Map<ProtocolDefinition, () => Promise<void>>()
  #unfollow: (() => void) | undefined
  readonly #faults: ApiError[] = []
  /** Doors open and close one after another. */
  #work: Promise<unknown> = Promise.resolve()

  constructor(private readonly parts: GuestProtocolsParts) {
    parts.registry.addCheck((plugin) => this.#faultsOf(plugin))
  }

  /** Opens the doors of all plugins, then follows those that come and go. Resolves to what kept any of the first from opening. */
  async open(): Promise<readonly ApiError[]> {
    const faults = await this.#openAll()
    this.#unfollow = this.parts.registry.onChange(() => {
      this.#work = this.#work.then(() => this.#follow())
    })
    return faults
  }

  /** Resolves once doors are those of the plugins that are registered now; to what kept any from opening since it was asked last. */
  async settled(): Promise<readonly ApiError[]> {
    await this.#work
    return this.#faults.splice(0)
  }

  /** Follows no more. Doors that are open are left to whoever closes all. */
  async close(): Promise<void> {
    this.#unfollow?.()
    await this.#work
  }

  #faultsOf({ name: own, place, protocols = [] }: PluginDefinition): ApiError[] {
    const others = this.parts.registry.plugins.filter(({ name }) => name !== own).flatMap((plugin) => plugin.protocols ?? []).map(({ name }) => name)
    return protocols
      .filter(({ name }, index) => RESERVED.includes(name) || others.includes(name) || protocols.findIndex((twin) => twin.name === name) !== index)
      .map(({ name }) => createError('protocol.runtime.already_exists', name).with({ place, hint: 'Give the protocol another name.' }))
  }

  async #follow(): Promise<void> {
    const wanted = new Set(this.parts.registry.plugins.flatMap(({ protocols = [] }) => protocols))
    for (const [definition, close] of this.#open) {
      if (wanted.has(definition)) continue
      this.#open.delete(definition)
      await close()
    }
    for (const fault of await this.#openAll()) {
      this.#faults.push(fault)
      this.parts.logger.error(fault)
    }
  }

  async #openAll(): Promise<ApiError[]> {
    const faults: ApiError[] = []
    for (const plugin of this.parts.registry.plugins) {
      for (const definition of plugin.protocols ?? []) {
        if (!this.#open.has(definition)) await this.#openOne(plugin, definition).catch((fault: ApiError) => faults.push(fault))
      }
    }
    return faults
  }

  /** @throws `plugin.runtime.failed_init`, which names the plugin and its protocol. */
  async #openOne(plugin: PluginDefinition, definition: ProtocolDefinition): Promise<void> {
    try {
      this.#open.set(definition, await this.parts.protocols.open(new GuestProtocol(plugin, definition, this.parts)))
    } catch (thrown) {
      const said = thrown instanceof Error ? thrown.message : String(thrown)
      throw createErrorFrom(thrown, 'plugin.runtime.failed_init', plugin.name, `its protocol "${definition.name}" did not open: ${said}`)
        .with({ place: plugin.place, hint: `Look at plugins.${plugin.name} in the configuration, or disable the plugin.` })
    }
  }
}
