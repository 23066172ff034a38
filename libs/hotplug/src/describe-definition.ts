import type { PluginOutline } from '@app/worker'

/** What a plugin brings, a line each: listeners, actions, routes, ways to log in, protocols. */
export function describeDefinition({ pipes, hooks, controllers, strategies = [], protocols = [] }: PluginOutline): string[] {
  const actions = controllers.flatMap((controller) => controller.actions.map((action) => ({ controller: controller.name, ...action })))
  return [...new Set([
    ...pipes.map(({ event }) => `pipe      ${event}`),
    ...hooks.map(({ event }) => `hook      ${event}`),
    ...actions.map(({ controller, name }) => `action    ${controller}:${name}`),
    ...actions.flatMap(({ routes }) => routes.map(({ verb, path }) => `route     ${verb} ${path}`)),
    ...strategies.map(({ name }) => `strategy  ${name}`),
    ...protocols.map(({ name }) => `protocol  ${name}`),
  ])]
}
