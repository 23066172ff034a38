import { createError, type ApiError, type Verb } from '@mortise/sdk'
import type { PluginDefinition } from './plugin-definition.js'

/** A route and the action it leads to. */
export interface Route {
  readonly verb: Verb
  readonly path: string
  readonly controller: string
  readonly action: string
  readonly plugin: string
}

/** Every verb and path that lead somewhere. Two routes of one verb and shape cannot both be. */
export class RouteTable {
  readonly #routes = new Map<string, Route>()

  get all(): readonly Route[] {
    return [...this.#routes.values()]
  }

  /** What is wrong with a plugin's routes: those that lead elsewhere already, and those it declares twice. */
  faultsOf(plugin: PluginDefinition): ApiError[] {
    const seen = new Map<string, Route>()
    return routesOf(plugin).flatMap((route) => {
      const shape = shapeOf(route)
      const other = this.#routes.get(shape) ?? seen.get(shape)
      seen.set(shape, route)
      if (!other || isSame(route, other)) return []
      return [createError('network.http.duplicate_url', route.verb, route.path).with({
        place: `${plugin.place} → ${route.controller}:${route.action}`,
        hint: `It leads to ${other.controller}:${other.action} of plugin "${other.plugin}" already: change one of the paths.`,
      })]
    })
  }

  add(plugin: PluginDefinition): () => void {
    const shapes = routesOf(plugin).map((route) => {
      const shape = shapeOf(route)
      this.#routes.set(shape, route)
      return shape
    })
    return () => shapes.forEach((shape) => this.#routes.delete(shape))
  }
}

const routesOf = (plugin: PluginDefinition): Route[] =>
  plugin.controllers.flatMap((controller) => controller.actions.flatMap((action) =>
    action.routes.map(({ verb, path }) => ({ verb, path: tidy(path), controller: controller.name, action: action.name, plugin: plugin.name }))))

/** Doubled and trailing slashes mean nothing. */
const tidy = (path: string): string => `/${path.split('/').filter(Boolean).join('/')}`

/** Parameters' names do not tell routes apart. */
const shapeOf = ({ verb, path }: Route): string => `${verb} ${path.replace(/:[^/]+/g, ':')}`

const isSame = (one: Route, other: Route): boolean =>
  one.plugin === other.plugin && one.controller === other.controller && one.action === other.action
