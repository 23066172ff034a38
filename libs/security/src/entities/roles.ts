import { createError } from '@mortise/sdk'
import type { DocumentStore, StoredDocument } from '@app/storage'
import type { ChangeFeed } from '../changes.js'
import type { RoleControllers } from '../rights/compiled-role.js'
import type { Rights } from '../rights/rights.js'
import { isBuiltIn } from './built-in-entities.js'
import { readControllers, refuseUnknownActions, type KnownActions } from './check-role.js'
import { requireId } from './check-shape.js'
import { LiveCopy } from './live-copy.js'
import { created, updated } from './metadata.js'
import { find, hasId, places } from './places.js'

type Content = Record<string, unknown>

/** How a role or profile is written: who writes, and whether what is unknown is let through. */
export interface WriteOptions {
  /** Id of the user who writes. */
  readonly by?: string | null
  /** Takes roles that name controllers and actions which do not exist. */
  readonly force?: boolean
}

/** Roles: which actions are allowed. Stored, and put into {@link Rights} in the same breath. */
export class Roles {
  readonly #copy: LiveCopy

  constructor(
    private readonly store: DocumentStore,
    private readonly rights: Rights,
    private readonly known: KnownActions,
    private readonly changes: ChangeFeed,
  ) {
    this.#copy = new LiveCopy(store, places.roles, {
      put: (id, { controllers }) => rights.setRole(id, controllers as RoleControllers),
      remove: (id) => rights.removeRole(id),
      ids: () => rights.roleIds,
    })
  }

  /** Reads all roles, or one that another node changed. */
  load(id?: string): Promise<void> {
    return id === undefined ? this.#copy.readAll() : this.#copy.read(id)
  }

  /** @throws `security.role.not_found` */
  async get(id: string): Promise<StoredDocument> {
    const role = await find(this.store, places.roles, id)
    if (!role) throw createError('security.role.not_found', id)
    return role
  }

  /** Those that exist, in the order asked for. */
  async mGet(ids: readonly string[]): Promise<StoredDocument[]> {
    return (await this.store.mGet(places.roles, ids)).successes
  }

  /** Those that say something about one of the controllers; all of them when none is named. */
  async search(controllers: readonly string[] = []): Promise<StoredDocument[]> {
    const ids = new Set(this.rights.rolesNaming(controllers))
    const roles: StoredDocument[] = []
    for await (const role of this.store.export(places.roles)) {
      if (controllers.length === 0 || ids.has(role._id)) roles.push(role)
    }
    return roles
  }

  /** @throws `services.storage.document_already_exists`, and what {@link createOrReplace} throws */
  async create(id: string, body: Content, options: WriteOptions = {}): Promise<StoredDocument> {
    return this.#write('create', id, { ...this.#checked(id, body, options), ...created() })
  }

  /** @throws `api.assert.*`, `security.role.unknown_controller`, `security.role.unknown_action`, `security.role.login_required` */
  async createOrReplace(id: string, body: Content, options: WriteOptions = {}): Promise<StoredDocument> {
    return this.#write('createOrReplace', id, { ...this.#checked(id, body, options), ...created() })
  }

  /** Replaces the given fields as a whole. @throws `security.role.not_found`, and what {@link createOrReplace} throws */
  async update(id: string, body: Content, options: WriteOptions = {}): Promise<StoredDocument> {
    const { _kuzzle_info: info, ...role } = (await this.get(id))._source
    const content = this.#checked(id, { ...role, ...body }, options)
    return this.#write('replace', id, { ...content, _kuzzle_info: { ...info as object, ...updated(options.by ?? null)._kuzzle_info as object } })
  }

  /** @throws `security.role.cannot_delete`, `security.role.not_found`, `security.role.in_use` */
  async delete(id: string): Promise<void> {
    if (isBuiltIn(id)) throw createError('security.role.cannot_delete')
    if (this.rights.profilesWith(id).length > 0) throw createError('security.role.in_use', id)
    await this.#copy.write(id, undefined, () => this.store.delete(places.roles, id)).catch((error: unknown) => {
      throw hasId(error, 'services.storage.not_found') ? createError('security.role.not_found', id) : error
    })
    this.changes.tell({ kind: 'role', id })
  }

  #checked(id: string, body: Content, { force }: WriteOptions): Content {
    const controllers = readControllers(id, body)
    if (!force) refuseUnknownActions(id, controllers, this.known)
    return body
  }

  async #write(verb: 'create' | 'createOrReplace' | 'replace', id: string, body: Content): Promise<StoredDocument> {
    const { _id, _source, _version } = await this.#copy.write(id, body, () => this.store[verb](places.roles, { _id: requireId(id), body }))
    this.changes.tell({ kind: 'role', id })
    return { _id, _source, _version }
  }
}
