import { createError } from '@mortise/sdk'
import { isRecord } from '../classic-plugin.js'
import { merge } from './configuration.js'
import type { Stage } from './stage.js'

type Content = Record<string, unknown>

/**
 * `app.import`: collections, roles, profiles and users to put in place before
 * the application opens. What is given later under the same name counts.
 * All methods throw `plugin.runtime.already_started` once it has started.
 */
export class ApplicationImports {
  #declared: Content = {}

  constructor(private readonly stage: Stage) {}

  /** As `imports` of a classic plugin. */
  get declared(): Readonly<Content> {
    return this.#declared
  }

  /** `{ index: { collection: { mappings, settings? } } }` */
  mappings(mappings: Content): void {
    this.#add('mappings', mappings)
  }

  /** Of users' own properties: `{ properties }`. */
  userMappings(mappings: Content): void {
    this.#add('userMappings', mappings)
  }

  /** Documents, as `admin:loadFixtures` takes them. */
  fixtures(fixtures: Content): void {
    this.#add('fixtures', fixtures)
  }

  roles(roles: Content): void {
    this.#add('roles', roles)
  }

  profiles(profiles: Content): void {
    this.#add('profiles', profiles)
  }

  /** @param options - What to do with users that exist already; `skip` when absent, and the same for all users of the application. */
  users(users: Content, { onExistingUsers }: { onExistingUsers?: string } = {}): void {
    this.#add('users', users)
    if (onExistingUsers !== undefined || this.#declared.onExistingUsers === undefined) this.#declared.onExistingUsers = onExistingUsers ?? 'skip'
  }

  #add(kind: string, content: Content): void {
    this.stage.refuseWhenStarted('import')
    if (!isRecord(content)) throw createError('plugin.runtime.unexpected_error', `app.import.${kind} takes an object`)
    // Twice the same role is the later one whole, while collections of one index add up.
    this.#declared[kind] = kind.endsWith('appings') ? merge(this.#declared[kind] as Content ?? {}, content) : { ...this.#declared[kind] as Content, ...content }
  }
}
