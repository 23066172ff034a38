import type { PluginDefinition } from '@app/registry'

/** What a plugin brings, a line each: listeners, controllers with their actions, routes. */
export function describeChanges({ pipes, hooks, controllers }: PluginDefinition): string {
  const actions = controllers.flatMap((controller) => controller.actions.map((action) => ({ controller: controller.name, ...action })))
  const lines = [
    ...unique(pipes.map(({ event }) => `pipe    ${event}`)),
    ...unique(hooks.map(({ event }) => `hook    ${event}`)),
    ...actions.map(({ controller, name }) => `action  ${controller}:${name}`),
    ...actions.flatMap(({ routes }) => routes.map(({ verb, path }) => `route   ${verb} ${path}`)),
  ]
  return lines.length > 0 ? lines.map((line) => `  ${line}`).join('\n') : '  nothing that clients or other plugins notice'
}

const unique = (lines: readonly string[]): string[] => [...new Set(lines)]
