import { createError } from '@mortise/sdk'
import { closest, distance } from 'fastest-levenshtein'
import { canonical, CompiledRole, type RoleControllers } from '../rights/compiled-role.js'
import { requireObject } from './check-shape.js'

/** The actions there are, by controller: built in, and of the plugins that run. */
export type KnownActions = () => ReadonlyMap<string, ReadonlySet<string>>

/**
 * The rights in the body of a role.
 *
 * @throws `api.assert.*` for a wrong shape, `security.role.login_required` when nobody could log in any more
 */
export function readControllers(id: string, body: Record<string, unknown>): RoleControllers {
  const controllers = requireObject(body.controllers, `${id}.controllers`)
  refuseEmpty(controllers, `${id}.controllers`)
  for (const [controller, rights] of Object.entries(controllers)) {
    const name = `${id}.controllers.${controller}`
    const actions = requireObject(requireObject(rights, name).actions, `${name}.actions`)
    refuseEmpty(actions, `${name}.actions`)
    for (const [action, value] of Object.entries(actions)) {
      if (typeof value !== 'boolean') throw createError('api.assert.invalid_type', `${name}.actions.${action}`, 'boolean')
    }
  }
  const role = controllers as RoleControllers
  if (id === 'anonymous' && !new CompiledRole(role).allows('auth', 'login')) throw createError('security.role.login_required')
  return role
}

/** @throws `security.role.unknown_controller` or `security.role.unknown_action`, with the nearest name there is. */
export function refuseUnknownActions(id: string, controllers: RoleControllers, known: KnownActions): void {
  const all = known()
  for (const [controller, { actions }] of Object.entries(controllers)) {
    if (controller === '*') continue
    const offered = all.get(canonical(controller))
    if (!offered) throw createError('security.role.unknown_controller', id, controller, suggest(controller, all.keys()))
    const stray = Object.keys(actions).find((action) => action !== '*' && !offered.has(action))
    if (stray !== undefined) throw createError('security.role.unknown_action', id, stray, controller, suggest(stray, offered))
  }
}

function refuseEmpty(value: object, name: string): void {
  if (Object.keys(value).length === 0) throw createError('api.assert.empty_argument', name)
}

/** Names further away than this many letters are no suggestion. */
const FAR = 4

function suggest(name: string, known: Iterable<string>): string {
  const names = [...known]
  const nearest = names.length > 0 ? closest(name, names) : ''
  return nearest !== '' && distance(name, nearest) <= FAR ? ` Did you mean "${nearest}"?` : ''
}
