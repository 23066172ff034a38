import { createError, type Verb } from '@mortise/sdk'
import type { ActionDefinition, ControllerDefinition, RouteDefinition } from '@app/registry'
import { isRecord } from '../classic-plugin.js'
import { kebabCase } from '../kebab-case.js'
import { suggest } from '../suggest.js'
import { actionHandler } from './action-handler.js'
import { sectionOf } from './controllers.js'
import { findMethod, isMissing } from './find-method.js'
import type { ActionOwner } from './listeners.js'

const VERBS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH']
const ACTION_KEYS = ['handler', 'http']
const ROUTE_KEYS = ['verb', 'path', 'url', 'openapi']

/** Where an entry of `api` stands, for errors. */
interface Entry {
  readonly owner: ActionOwner
  readonly controller: string
  readonly action: string
}

/**
 * Reads `api`: `{ controller: { actions: { action: { handler, http?: [{ verb, path, openapi? }] } } } }`. Controllers keep their name
 * as it is, without the plugin's. An action without routes answers
 * `GET /_/<controller>/<action>`; a path without a slash in front is under `/_/`.
 *
 * @throws `plugin.assert.invalid_controller_definition`, `plugin.controller.invalid_openapi_schema`
 */
export function readApi(owner: ActionOwner): ControllerDefinition[] {
  return Object.entries(sectionOf(owner, 'api')).map(([controller, definition]) => {
    const actions = isRecord(definition) ? definition.actions : undefined
    if (!isRecord(actions)) throw invalid({ owner, controller, action: '*' }, 'it has no object "actions"')
    return { name: controller, actions: Object.entries(actions).map(([action, declared]) => readAction({ owner, controller, action }, declared)) }
  })
}

function readAction(entry: Entry, declared: unknown): ActionDefinition {
  if (!isRecord(declared)) throw invalid(entry, `action "${entry.action}" is no object`)
  const unknown = entry.owner.allowsMore ? undefined : Object.keys(declared).find((key) => !ACTION_KEYS.includes(key))
  if (unknown) throw invalid(entry, `action "${entry.action}" has an unknown property "${unknown}"`, suggest(unknown, ACTION_KEYS))
  const method = findMethod(entry.owner.plugin, declared.handler, `${entry.controller}:${entry.action}`)
  if (typeof declared.handler !== 'function' || isMissing(method)) throw invalid(entry, `"handler" of action "${entry.action}" is not a function`)
  return { name: entry.action, handler: actionHandler(method, entry, entry.owner.era), routes: readHttp(entry, declared.http) }
}

function readHttp(entry: Entry, http: unknown): RouteDefinition[] {
  if (http !== undefined && !Array.isArray(http)) throw invalid(entry, `"http" of action "${entry.action}" is no list`)
  if (!http?.length) return [{ verb: 'GET', path: `/_/${kebabCase(entry.controller)}/${kebabCase(entry.action)}` }]
  return http.map((route: unknown) => readRoute(entry, route))
}

function readRoute(entry: Entry, route: unknown): RouteDefinition {
  if (!isRecord(route)) throw invalid(entry, `a route of action "${entry.action}" is no object`)
  const unknown = Object.keys(route).find((key) => !ROUTE_KEYS.includes(key))
  if (unknown) throw invalid(entry, `a route of action "${entry.action}" has an unknown property "${unknown}"`, suggest(unknown, ROUTE_KEYS))
  const path = route.path ?? route.url
  if (typeof path !== 'string' || path === '') throw invalid(entry, `a route of action "${entry.action}" has no path`)
  const verb = String(route.verb).toUpperCase()
  if (!VERBS.includes(verb)) throw invalid(entry, `a route of action "${entry.action}" uses "${String(route.verb)}", which is no supported verb`, suggest(verb, VERBS))
  if (route.openapi !== undefined && !isRecord(route.openapi)) {
    throw createError('plugin.controller.invalid_openapi_schema', entry.controller, entry.action, 'it is no object').with({ place: placeOf(entry) })
  }
  return { verb: verb as Verb, path: path.startsWith('/') ? path : `/_/${path}` }
}

const placeOf = ({ owner, controller, action }: Entry): string => `${owner.place} → api["${controller}"].actions["${action}"]`

const invalid = (entry: Entry, fault: string, hint?: string): Error =>
  createError('plugin.assert.invalid_controller_definition', entry.controller, fault).with({ place: placeOf(entry), hint })
