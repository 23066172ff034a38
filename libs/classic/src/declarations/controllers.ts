import { createError } from '@mortise/sdk'
import type { ActionDefinition, ControllerDefinition } from '@app/registry'
import { isRecord } from '../classic-plugin.js'
import { actionHandler } from './action-handler.js'
import { findMethod, isMissing } from './find-method.js'
import type { ActionOwner, ListenerOwner } from './listeners.js'
import { mountsOf, readRoutes, rewriteRoutes, type ClassicRoute } from './routes.js'

/**
 * Reads `controllers`, `{ controller: { action: method name | function } }`,
 * and `routes`. Controllers are called `<plugin>/<controller>`.
 *
 * @throws `plugin.controller.*` naming the entry
 */
export function readControllers(owner: ListenerOwner): ControllerDefinition[] {
  const declared = sectionOf(owner, 'controllers')
  const known = new Map(Object.entries(declared).map(([name, actions]) => [name, Object.keys(actionsOf(owner, name, actions))]))
  const routes = readRoutes(owner, known)
  const controllers = [...known].map(([controller, actions]) => ({
    name: `${owner.name}/${controller}`,
    actions: actions.map((action) => readAction(owner, { controller, action }, (declared[controller] as Record<string, unknown>)[action], routes)),
  }))
  if (owner.era.generation === 1) rewriteRoutes(owner.name, owner.plugin.routes)
  return controllers
}

/** A declared section, such as `api`; empty when absent. @throws `plugin.controller.invalid_description` */
export function sectionOf(owner: ActionOwner, section: 'controllers' | 'api'): Record<string, unknown> {
  const declared = owner.plugin[section] ?? {}
  if (isRecord(declared)) return declared
  throw createError('plugin.controller.invalid_description', owner.name, section).with({ place: `${owner.place} → ${section}` })
}

function actionsOf(owner: ListenerOwner, name: string, actions: unknown): Record<string, unknown> {
  if (isRecord(actions)) return actions
  throw createError('plugin.controller.invalid_description', owner.name, name).with({
    place: `${owner.place} → controllers["${name}"]`,
    hint: 'Let it be an object with actions as keys.',
  })
}

function readAction(owner: ListenerOwner, name: { controller: string; action: string }, declared: unknown, routes: readonly ClassicRoute[]): ActionDefinition {
  const { controller, action } = name
  const method = findMethod(owner.plugin, declared, `${controller}:${action}`)
  if (isMissing(method)) {
    throw createError('plugin.controller.invalid_action', owner.name, controller, action)
      .with({ place: `${owner.place} → controllers["${controller}"]["${action}"]`, hint: method.hint })
  }
  const own = routes.filter((route) => route.controller === controller && route.action === action)
  return {
    name: action,
    handler: actionHandler(method, { controller: `${owner.name}/${controller}`, action }, owner.era),
    routes: own.flatMap((route) => mountsOf(owner.name, route, owner.era.hasShortRoutes)),
  }
}
