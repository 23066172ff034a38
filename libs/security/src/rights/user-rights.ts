import { canonical, type CompiledRole } from './compiled-role.js'

/** Part of a profile: a role, and where it holds. Without `restrictedTo` it holds everywhere. */
export interface Policy {
  roleId: string
  restrictedTo?: readonly Restriction[]
}

/** An index; without collections, all of them. Names are exact. */
export interface Restriction {
  index: string
  collections?: readonly string[]
}

/** A policy with its role at hand. */
export interface GrantedPolicy {
  readonly role: CompiledRole
  readonly restrictedTo?: readonly Restriction[]
}

/** Where a request wants to act; a target without collections means the whole index. */
export interface RequestedPlace {
  readonly index?: unknown
  readonly collection?: unknown
  readonly targets?: unknown
}

/** Where an action is allowed: everywhere, or by index the collections, `true` for all of them. */
type Extent = true | ReadonlyMap<string, true | ReadonlySet<string>>

/** One line of what somebody may do, `*` for any. */
export interface Right {
  controller: string
  action: string
  index: string
  collection: string
  value: 'allowed' | 'denied'
}

/**
 * What a user may do, compiled from all policies of all their profiles: a
 * check looks up controller, action and index, and computes nothing.
 */
export class UserRights {
  readonly #controllers: ReadonlyMap<string, ReadonlyMap<string, Extent>>

  constructor(private readonly policies: readonly GrantedPolicy[], readonly rateLimit: number) {
    const names = new Set(['*', ...policies.flatMap(({ role }) => [...role.controllers])])
    this.#controllers = new Map([...names].map((controller) => [controller, this.#compile(controller)]))
  }

  /** Whether one policy at least allows the action in the place that the request names. */
  allows(controller: string, action: string, { index, collection, targets }: RequestedPlace): boolean {
    const actions = this.#controllers.get(canonical(controller)) ?? this.#controllers.get('*')
    const extent = actions?.get(action) ?? actions?.get('*')
    if (extent === true) return !haveWildcards(targets)
    if (extent === undefined) return false
    return targets === undefined ? covers(extent, index, collection) : coversAll(extent, targets)
  }

  /** Every right as a list, an allowed one hiding a denied one of the same name. */
  list(): Right[] {
    const rights = new Map<string, Right>()
    for (const right of this.policies.flatMap(rightsOf)) {
      const { value, ...name } = right
      const key = JSON.stringify(Object.values(name))
      if (value === 'allowed' || !rights.has(key)) rights.set(key, right)
    }
    return [...rights.values()]
  }

  #compile(controller: string): ReadonlyMap<string, Extent> {
    const names = new Set(['*', ...this.policies.flatMap(({ role }) => [...role.actionsOf(controller)?.keys() ?? []])])
    const extents = [...names].map((action): [string, Extent | undefined] => [action, this.#extentOf(controller, action)])
    // A name that nobody allows is kept: it hides what `*` may allow.
    return new Map(extents.map(([action, extent]) => [action, extent ?? NOWHERE]))
  }

  #extentOf(controller: string, action: string): Extent | undefined {
    const allowing = this.policies.filter(({ role }) => role.allows(controller, action))
    if (allowing.length === 0) return undefined
    if (allowing.some(({ restrictedTo }) => isUnrestricted(restrictedTo))) return true
    const extent = new Map<string, true | Set<string>>()
    for (const { index, collections } of allowing.flatMap(({ restrictedTo }) => restrictedTo ?? [])) {
      const known = extent.get(index)
      if (known === true) continue
      extent.set(index, isUnrestricted(collections) ? true : new Set([...known ?? [], ...collections ?? []]))
    }
    return extent
  }
}

/** An action that no policy allows: unlike an extent without the index, it denies requests without an index too. */
const NOWHERE: Extent = new Map([['', new Set<string>()]])

const isUnrestricted = (list: readonly unknown[] | undefined): boolean => list === undefined || list.length === 0

function covers(extent: Extent, index: unknown, collection: unknown): boolean {
  if (extent === NOWHERE) return false
  if (extent === true || index === undefined || index === null || index === '') return true
  const collections = extent.get(index as string)
  return collections === true || (collections !== undefined && collections.has(collection as string))
}

interface Target { index: string; collections?: string[] }

function coversAll(extent: Extent, targets: unknown): boolean {
  return extent !== NOWHERE && areTargets(targets) && targets.every(({ index, collections = [] }) =>
    (collections.length === 0 ? covers(extent, index, undefined) : collections.every((collection) => covers(extent, index, collection))))
}

/** Names that stand for several: they are denied to everybody. */
const haveWildcards = (targets: unknown): boolean => Array.isArray(targets) && targets.some((target: Partial<Target> | null) =>
  isWildcard(target?.index) || (Array.isArray(target?.collections) && target.collections.some(isWildcard)))

const isWildcard = (name: unknown): boolean => typeof name === 'string' && /[*,]/.test(name)

/** Targets are lists of exact names: wildcards and anything of another shape are denied. */
function areTargets(targets: unknown): targets is Target[] {
  return Array.isArray(targets) && targets.every((target: Partial<Target> | null) =>
    isName(target?.index) && (target?.collections === undefined || (Array.isArray(target.collections) && target.collections.every(isName))))
}

const isName = (name: unknown): boolean => typeof name === 'string' && name !== '' && !isWildcard(name)

function rightsOf({ role, restrictedTo }: GrantedPolicy): Right[] {
  return [...role.entries()].flatMap(({ controller, action, isAllowed }) =>
    placesOf(restrictedTo).map(({ index, collection }): Right => ({ controller, action, index, collection, value: isAllowed ? 'allowed' : 'denied' })))
}

function placesOf(restrictedTo: readonly Restriction[] | undefined): { index: string; collection: string }[] {
  if (restrictedTo === undefined || restrictedTo.length === 0) return [{ index: '*', collection: '*' }]
  return restrictedTo.flatMap(({ index, collections }) =>
    (collections && collections.length > 0 ? collections : ['*']).map((collection) => ({ index, collection })))
}
