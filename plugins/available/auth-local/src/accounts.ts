import { Injectable, PluginStore, ApiError, type Repository, type Stored } from '@mortise/sdk'
import { errors } from './errors.js'

/** Who goes by a username; the id is the username. Holds nothing secret, so that it may be searched. */
export interface Username { username: string; kuid: string }

/** A user's password, as a hash; the id is the user's. */
export interface Secret {
  username: string
  hash: string
  /** Milliseconds since the epoch. */
  setAt: number
  isSetByOthers: boolean
  /** Hashes of passwords before this one, the latest first. */
  earlier: string[]
}

/** Usernames and passwords. A username is one user's, a user has one. */
@Injectable()
export class Accounts {
  readonly #usernames: Repository<Username>
  readonly #secrets: Repository<Secret>

  constructor(store: PluginStore) {
    const keyword = { type: 'keyword' }
    this.#usernames = store.repository<Username>('usernames', { mappings: { properties: { username: keyword, kuid: keyword } } })
    this.#secrets = store.repository<Secret>('secrets', { mappings: { dynamic: 'false', properties: {} } })
  }

  byUsername(username: string): Promise<Stored<Username> | undefined> {
    return this.#usernames.get(username)
  }

  /** The secret of a user; nothing when they have no password. */
  async secretOf(kuid: string | undefined): Promise<Stored<Secret> | undefined> {
    return kuid === undefined ? undefined : this.#secrets.get(kuid)
  }

  /** @throws `username_taken` */
  async create(kuid: string, secret: Secret): Promise<void> {
    await this.#claim(kuid, secret.username)
    try {
      await this.#secrets.create({ ...secret, _id: kuid })
    } catch (error) {
      await this.#usernames.delete(secret.username)
      throw error
    }
  }

  /** @throws `username_taken` */
  async replace(kuid: string, before: Secret, after: Secret): Promise<void> {
    const isRenamed = before.username !== after.username
    if (isRenamed) await this.#claim(kuid, after.username)
    await this.#secrets.replace({ ...after, _id: kuid })
    if (isRenamed) await this.#usernames.delete(before.username)
  }

  async delete(kuid: string): Promise<void> {
    const secret = await this.#secrets.get(kuid)
    if (!secret) return
    await this.#secrets.delete(kuid)
    await this.#usernames.delete(secret.username)
  }

  async search(query: Record<string, unknown> | undefined, page: { from: number; size: number }): Promise<{ hits: Username[]; total: number }> {
    const { hits, total } = await this.#usernames.search({ query, ...page })
    return { hits: hits.map(({ username, kuid }) => ({ username, kuid })), total }
  }

  async #claim(kuid: string, username: string): Promise<void> {
    await this.#usernames.create({ _id: username, username, kuid }).catch((error: unknown) => {
      throw ApiError.is(error) && error.id === 'services.storage.document_already_exists' ? errors.username_taken(username) : error
    })
  }
}
