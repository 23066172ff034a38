import { createHash } from 'node:crypto'
import { ApiError, createErrorFrom, type Api, type PluginStore, type Repository, type Securities } from '@mortise/sdk'
import type { ClassicDefinition } from '@app/classic'
import { BootError } from '@app/loader'
import type { PluginDefinition } from '@app/registry'
import type { OnExistingUsers, SecurityServices } from '@app/security'

/** What {@link PluginImports} works with. */
export interface PluginImportsParts {
  readonly api: Api
  readonly securities: SecurityServices['securities']
  /** Remembers what was imported. */
  readonly store: PluginStore
}

type Imports = ClassicDefinition['imports']

const RIGHTS = ['roles', 'profiles', 'users'] as const

/**
 * Puts in place what plugins bring beside code: roles, profiles and users, and
 * classic ones collections and documents as well; then what the configuration
 * declares. Collections at every start, the rest once, and again when it says
 * something else, so that what people change since stays.
 */
export class PluginImports {
  readonly #seen: Repository<{ digest: string }>

  constructor(private readonly parts: PluginImportsParts) {
    this.#seen = parts.store.repository('fixtures')
  }

  /** @throws BootError naming the plugin whose data cannot be taken */
  async write(plugins: readonly PluginDefinition[]): Promise<void> {
    for (const plugin of plugins) {
      await this.#writeOne(plugin.name, importsOf(plugin)).catch((thrown: unknown) => {
        const fault = ApiError.is(thrown) ? thrown : createErrorFrom(thrown, 'plugin.runtime.failed_init', plugin.name, String(thrown))
        throw new BootError([fault.with({ place: `${plugin.place} → imports` })])
      })
    }
  }

  /** Roles, profiles and users of the configuration. @throws BootError naming the key when they cannot be taken */
  async writeDeclared(declared: Securities): Promise<void> {
    if (Object.keys(declared).length === 0) return
    await this.parts.securities.loadOnce('configuration', { ...declared }).catch((thrown: unknown) => {
      throw ApiError.is(thrown) ? new BootError([thrown.with({ place: 'the configuration → security.imports' })]) : thrown
    })
  }

  async #writeOne(name: string, { userMappings, mappings, fixtures, onExistingUsers, ...rest }: Imports): Promise<void> {
    const { api, securities } = this.parts
    if (userMappings) await api.call({ controller: 'security', action: 'updateUserMapping', body: userMappings })
    if (mappings) await api.call({ controller: 'admin', action: 'loadMappings', body: mappings })
    if (fixtures) await this.#writeFixtures(name, fixtures)
    const rights = Object.fromEntries(RIGHTS.flatMap((kind) => (rest[kind] ? [[kind, rest[kind]]] : [])))
    const options = onExistingUsers === undefined ? {} : { onExistingUsers: onExistingUsers as OnExistingUsers }
    if (Object.keys(rights).length > 0) await securities.loadOnce(name, rights, options)
  }

  async #writeFixtures(name: string, body: unknown): Promise<void> {
    const digest = createHash('sha256').update(JSON.stringify(body)).digest('hex')
    if ((await this.#seen.get(name))?.digest === digest) return
    await this.parts.api.call({ controller: 'admin', action: 'loadFixtures', body })
    await this.#seen.createOrReplace({ _id: name, digest })
  }
}

const importsOf = (plugin: PluginDefinition): Imports => ({ ...(plugin as Partial<ClassicDefinition>).imports, ...plugin.securities })
