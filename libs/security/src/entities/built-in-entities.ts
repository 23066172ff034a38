import type { RoleControllers } from '../rights/compiled-role.js'
import type { ProfileRules } from '../rights/rights.js'

/** The id of whoever has not said who they are. */
export const ANONYMOUS_ID = '-1'

/** Ids of the roles and profiles that always exist. */
export const BUILT_IN = ['admin', 'default', 'anonymous'] as const

export type BuiltIn = (typeof BUILT_IN)[number]

const everything: RoleControllers = { '*': { actions: { '*': true } } }

const allow = (...actions: string[]): { actions: Record<string, boolean> } =>
  ({ actions: Object.fromEntries(actions.map((action) => [action, true])) })

/** Roles of a host that has no administrator yet: everything is open. */
export const openRoles: Readonly<Record<BuiltIn, RoleControllers>> = { admin: everything, default: everything, anonymous: everything }

/** Roles once rights are restricted to what everybody needs. */
export const restrictedRoles: Readonly<Record<BuiltIn, RoleControllers>> = {
  admin: everything,
  default: { auth: allow('checkToken', 'getCurrentUser', 'getMyRights', 'logout', 'updateSelf'), server: allow('publicApi') },
  anonymous: { auth: allow('checkToken', 'getCurrentUser', 'getMyRights', 'login'), server: allow('publicApi', 'openapi') },
}

const profile = (roleId: BuiltIn, rateLimit: number): ProfileRules => ({ policies: [{ roleId }], rateLimit })

export const openProfiles: Readonly<Record<BuiltIn, ProfileRules>> = {
  admin: profile('admin', 0), default: profile('default', 0), anonymous: profile('anonymous', 0),
}

/** With the reference's limits: requests a second. */
export const restrictedProfiles: Readonly<Record<BuiltIn, ProfileRules>> = {
  admin: profile('admin', 0), default: profile('default', 10), anonymous: profile('anonymous', 200),
}

export const isBuiltIn = (id: string): id is BuiltIn => (BUILT_IN as readonly string[]).includes(id)
