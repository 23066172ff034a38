import { Injectable } from '@mortise/sdk'
import { Registry } from '@app/registry'
import type { PluginDefinition } from '@app/registry'
import { summarize, type PluginSummary } from './plugin-summary.js'

/** An action as clients find it: `url` and `path` are the same, as older clients know one and newer ones the other. */
interface ActionEntry {
  controller: string
  action: string
  http?: { url: string; path: string; verb: string }[]
}

/** Controllers by name, each with its actions by name. The JavaScript client builds its URLs from this. */
export type ApiRoutes = Readonly<Record<string, Readonly<Record<string, ActionEntry>>>>

/**
 * What there is to call, as published to clients. Built when it is asked for
 * first, and anew only after a plugin has come or gone.
 */
@Injectable()
export class ApiCatalogue {
  #routes: ApiRoutes | undefined
  #plugins: Readonly<Record<string, PluginSummary>> | undefined

  constructor(private readonly registry: Registry) {
    registry.onChange(() => {
      this.#routes = undefined
      this.#plugins = undefined
    })
  }

  get routes(): ApiRoutes {
    return (this.#routes ??= readRoutes(this.registry))
  }

  /** Plugins by name; the host's own is none. */
  get plugins(): Readonly<Record<string, PluginSummary>> {
    return (this.#plugins ??= Object.fromEntries(
      this.registry.plugins.filter((plugin) => plugin !== this.#host).map((plugin) => [plugin.name, summarize(plugin)]),
    ))
  }

  /** The host's own plugin: the one that brings the controller in which all this is shown. */
  get #host(): PluginDefinition | undefined {
    return this.registry.actions.get('server')?.get('info')?.plugin
  }
}

function readRoutes({ actions }: Registry): ApiRoutes {
  const routes = Object.fromEntries([...actions].map(([controller, found]) => [
    controller,
    Object.fromEntries([...found].map(([action, registered]) => [action, entryOf(controller, action, registered.action.routes)])),
  ]))
  // The memory storage is listed under its short name and its long one.
  return routes.ms ? { ...routes, memoryStorage: routes.ms } : routes
}

function entryOf(controller: string, action: string, routes: readonly { verb: string; path: string }[]): ActionEntry {
  const http = routes.map(({ verb, path }) => ({ url: path, path, verb }))
  return { controller, action, ...(http.length > 0 && { http }) }
}
