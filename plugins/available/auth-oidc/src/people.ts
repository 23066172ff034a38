import { createHash } from 'node:crypto'
import {
  BadRequestError, ForbiddenError, type Api, type CredentialsOf, type PassportRequest, type PluginStore, type Repository, type Request,
  type StrategyMethods, type Verified,
} from '@mortise/sdk'
import type { Claims } from './provider.js'
import type { ProviderSettings } from './settings.js'

/** Who of a provider's people is which user here. */
interface Link { subject: string; kuid: string }

/** People of one provider: known by what the provider calls them, and made users when they come for the first time. */
export class People implements StrategyMethods {
  readonly #links: Repository<Link>

  constructor(private readonly name: string, private readonly settings: ProviderSettings, store: PluginStore, private readonly api: Api) {
    this.#links = store.repository<Link>(`people-of-${name}`, { mappings: { properties: { kuid: { type: 'keyword' }, subject: { type: 'keyword' } } } })
  }

  async verify(_request: PassportRequest, claims: Claims): Promise<Verified> {
    const subject = subjectOf(claims, this.settings.identifier)
    if (subject === undefined) throw new Error(`The provider "${this.name}" does not tell "${this.settings.identifier}".`)
    const known = await this.#links.get(idOf(subject))
    if (known) return { kuid: known.kuid }
    if (!this.settings.createUsers) return { message: 'Nobody here goes by this account.' }
    return { kuid: await this.#createUser(subject, claims) }
  }

  async exists(_request: Request, kuid: string): Promise<boolean> {
    return await this.#linkOf(kuid) !== undefined
  }

  /** Whose account it is, the provider says and nobody else: users cannot claim one. */
  validate(request: Request, { subject }: CredentialsOf): true {
    if (request.getController() === 'auth') throw new ForbiddenError(`An account of "${this.name}" is linked by logging in with it.`)
    if (typeof subject !== 'string' || subject === '') throw new BadRequestError('"subject" must be what the provider calls the person.')
    return true
  }

  async create(_request: Request, { subject }: CredentialsOf, kuid: string): Promise<Link> {
    const link = { subject: subject as string, kuid }
    await this.#links.create({ ...link, _id: idOf(link.subject) })
    return link
  }

  async update(request: Request, credentials: CredentialsOf, kuid: string): Promise<Link> {
    await this.delete(request, kuid)
    return this.create(request, credentials, kuid)
  }

  async delete(_request: Request, kuid: string): Promise<void> {
    const link = await this.#linkOf(kuid)
    if (link) await this.#links.delete(link._id)
  }

  async getInfo(_request: Request, kuid: string): Promise<object> {
    const { subject } = await this.#linkOf(kuid) ?? {}
    return subject === undefined ? {} : { subject, kuid }
  }

  async getById(_request: Request, subject: string): Promise<object> {
    const link = await this.#links.get(idOf(subject))
    return link ? { subject, kuid: link.kuid } : {}
  }

  async search(body: Record<string, unknown>, page: { from: number; size: number }): Promise<{ hits: object[]; total: number }> {
    const { hits, total } = await this.#links.search({ query: body.query as Record<string, unknown> | undefined, ...page })
    return { hits: hits.map(({ subject, kuid }) => ({ subject, kuid })), total }
  }

  async #linkOf(kuid: string) {
    return (await this.#links.search({ query: { term: { kuid } }, size: 1 })).hits[0]
  }

  /** Of two first logins at the same time one makes the user, and the other finds it. */
  async #createUser(subject: string, claims: Claims): Promise<string> {
    const attributes = Object.entries(this.settings.attributes).filter(([, claim]) => claims[claim] !== undefined)
    const content = { ...Object.fromEntries(attributes.map(([field, claim]) => [field, claims[claim]])), profileIds: this.settings.defaultProfiles }
    try {
      const user = await this.api.call<{ _id: string }>({ controller: 'security', action: 'createUser', body: { content, credentials: { [this.name]: { subject } } } })
      return user._id
    } catch (error) {
      const winner = await this.#links.get(idOf(subject))
      if (!winner) throw error
      return winner.kuid
    }
  }
}

/** A subject may be any text, and providers of OAuth2 number their people. */
function subjectOf(claims: Claims, identifier: string): string | undefined {
  const value = claims[identifier]
  return (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined
}

const idOf = (subject: string): string => createHash('sha256').update(subject).digest('hex')
