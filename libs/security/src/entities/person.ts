import type { Request, User } from '@mortise/sdk'
import type { Rights } from '../rights/rights.js'
import type { Right } from '../rights/user-rights.js'
import { ANONYMOUS_ID } from './built-in-entities.js'

/** A user as requests carry them: content as properties, and the questions plugins ask of a user. */
export class Person implements User {
  readonly _id: string
  profileIds: string[];
  [content: string]: unknown
  readonly #rights: Rights

  constructor(id: string, content: Record<string, unknown>, rights: Rights) {
    this.#rights = rights
    this._id = id
    this.profileIds = [...content.profileIds as string[]]
    for (const [name, value] of Object.entries(content)) {
      // Content is the user's own: it must not take the place of what this class promises.
      if (!(name in this)) this[name] = value
    }
  }

  /** Ids of the profiles, as plugins of the first generations ask for them. */
  async getProfiles(): Promise<string[]> {
    return [...this.profileIds]
  }

  async getRights(): Promise<Right[]> {
    return this.#rights.of(this).list()
  }

  /** Whether this user may run the request's action. */
  async isActionAllowed(request: Request): Promise<boolean> {
    const { controller, action, args } = request.input
    return this.#rights.of(this).allows(controller ?? '', action ?? '', args)
  }
}

/** Whoever has not said who they are. */
export const createAnonymous = (rights: Rights): Person =>
  new Person(ANONYMOUS_ID, { profileIds: ['anonymous'], name: 'Anonymous' }, rights)

/** The anonymous user goes by two ids. */
export const isAnonymousId = (id: string): boolean => id === ANONYMOUS_ID || id === 'anonymous'
