import type { PluginDefinition } from '@app/registry'

/** A plugin as `server:info` shows it. */
export interface PluginSummary {
  version: string
  hooks: string[]
  pipes: string[]
  controllers: string[]
  routes: { verb: string; url: string; path: string; controller: string; action: string }[]
  [detail: string]: unknown
}

/** What is published of a plugin. `details`, such as a classic plugin's manifest, are added to it. */
export function summarize({ version, hooks, pipes, controllers, details }: PluginDefinition): PluginSummary {
  return {
    version,
    hooks: [...new Set(hooks.map(({ event }) => event))],
    pipes: [...new Set(pipes.map(({ event }) => event))],
    controllers: controllers.map(({ name }) => name),
    routes: controllers.flatMap(({ name, actions }) => actions.flatMap((action) =>
      action.routes.map(({ verb, path }) => ({ verb, url: path, path, controller: name, action: action.name })))),
    ...details,
  }
}
