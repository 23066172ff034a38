import { createError, type ApiError, type Verb } from '@mortise/sdk'
import type { RouteDefinition } from '@app/registry'
import { isRecord } from '../classic-plugin.js'
import { suggest } from '../suggest.js'
import type { ListenerOwner } from './listeners.js'

/** A declared route, checked: `url` as it is written. */
export interface ClassicRoute {
  readonly verb: Verb | 'OPTIONS'
  readonly url: string
  readonly controller: string
  readonly action: string
}

const VERBS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']
const KEYS = ['verb', 'url', 'path', 'controller', 'action']

/** Actions by controller, to check routes against. */
type Known = ReadonlyMap<string, readonly string[]>

/** Routes as they were written, by the object that the plugin holds and that {@link rewriteRoutes} changed. */
const written = new WeakMap<object, Record<string, unknown>>()

/**
 * Reads `routes`: `[{ verb, url | path, controller, action }]`, verbs in any case.
 *
 * @throws `plugin.controller.unexpected_route_property`, `.invalid_route_property`, `.unsupported_verb`, `.undefined_controller`, `.undefined_action`
 */
export function readRoutes(owner: ListenerOwner, known: Known): ClassicRoute[] {
  const { routes } = owner.plugin
  if (routes === undefined || routes === null) return []
  if (!Array.isArray(routes)) throw fault(owner, createError('plugin.controller.invalid_route_property', owner.name, 'routes', '"routes"'), 'Let "routes" be a list.')
  return routes.map((route: unknown) => readRoute(owner, known, (isRecord(route) ? written.get(route) : undefined) ?? route))
}

function readRoute(owner: ListenerOwner, known: Known, route: unknown): ClassicRoute {
  const text = JSON.stringify(route)
  if (!isRecord(route)) throw fault(owner, createError('plugin.controller.invalid_route_property', owner.name, 'route', text), 'A route is an object.')
  for (const key of Object.keys(route)) {
    if (!KEYS.includes(key)) throw fault(owner, createError('plugin.controller.unexpected_route_property', owner.name, key, text), suggest(key, KEYS))
  }
  const target = { ...route, url: route.url ?? route.path }
  const wrong = ['verb', 'url', 'controller', 'action'].find((key) => !isText(target[key as keyof typeof target], key))
  if (wrong) throw fault(owner, createError('plugin.controller.invalid_route_property', owner.name, wrong, text))
  const { verb, url, controller, action } = target as unknown as ClassicRoute
  const found = { verb: verb.toUpperCase() as Verb, url, controller, action }
  checkTarget(owner, known, found, text)
  return found
}

const isText = (value: unknown, key: string): boolean =>
  typeof value === 'string' && (value !== '' || key === 'url')

function checkTarget(owner: ListenerOwner, known: Known, { verb, controller, action }: ClassicRoute, text: string): void {
  if (!VERBS.includes(verb)) throw fault(owner, createError('plugin.controller.unsupported_verb', owner.name, verb, text), suggest(verb, VERBS))
  const actions = known.get(controller)
  if (!actions) throw fault(owner, createError('plugin.controller.undefined_controller', owner.name, controller, text), suggest(controller, [...known.keys()]))
  if (!actions.includes(action)) throw fault(owner, createError('plugin.controller.undefined_action', owner.name, action, text), suggest(action, actions))
}

const fault = ({ place }: ListenerOwner, error: ApiError, hint?: string): ApiError => error.with({ place: `${place} → routes`, hint })

/**
 * Where a route is mounted: under `/_plugin/<plugin>`, and for the second
 * generation under `/_` too. A url without a slash in front is glued to the
 * plugin's name, as the classic host does, and mounted as it was meant besides.
 */
export function mountsOf(plugin: string, { verb, url }: ClassicRoute, hasShortRoutes: boolean): RouteDefinition[] {
  // Nothing answers OPTIONS but the door itself.
  if (verb === 'OPTIONS') return []
  const isRooted = url.startsWith('/')
  const paths = [`/_plugin/${plugin}${url}`]
  if (!isRooted) paths.push(`/_plugin/${plugin}/${url}`)
  if (hasShortRoutes) paths.push(isRooted ? `/_${url}` : `/_/${plugin}/${url}`)
  return [...new Set(paths)].map((path) => ({ verb, path }))
}

/**
 * Changes the plugin's own route objects as the first generation's host did,
 * which plugins read afterwards: `url` with the prefix, `controller` by its
 * public name. What was written is kept, for when another instance shares them.
 */
export function rewriteRoutes(plugin: string, routes: unknown): void {
  if (!Array.isArray(routes)) return
  for (const route of routes as Record<string, unknown>[]) {
    if (Object.isFrozen(route)) continue
    const original = written.get(route) ?? { ...route }
    written.set(route, original)
    Object.assign(route, { url: `/_plugin/${plugin}${String(original.url ?? original.path)}`, controller: `${plugin}/${String(original.controller)}` })
  }
}
