import type { PluginOutline } from '@app/worker'

/** What a plugin brings, a line each: listeners, controllers with their actions, routes, ways to log in, doors. */
export function linesOfChanges({ pipes, hooks, controllers, strategies = [], protocols = [] }: PluginOutline): string[] {
  const actions = controllers.flatMap((controller) => controller.actions.map((action) => ({ controller: controller.name, ...action })))
  return [
    ...unique(pipes.map(({ event }) => `pipe    ${event}`)),
    ...unique(hooks.map(({ event }) => `hook    ${event}`)),
    ...actions.map(({ controller, name }) => `action  ${controller}:${name}`),
    ...actions.flatMap(({ routes }) => routes.map(({ verb, path }) => `route   ${verb} ${path}`)),
    ...strategies.map(({ name }) => `log-in  ${name}`),
    ...protocols.map(({ name }) => `door    ${name}`),
  ]
}

/** The same as a text, indented. */
export function describeChanges(definition: PluginOutline): string {
  const lines = linesOfChanges(definition)
  return lines.length > 0 ? lines.map((line) => `  ${line}`).join('\n') : '  nothing that clients or other plugins notice'
}

const unique = (lines: readonly string[]): string[] => [...new Set(lines)]
