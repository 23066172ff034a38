import type { ActionDescription, Registry, Route } from '@app/registry'

/** Whose actions are described: the host's own, those of plugins, or all. */
export type ApiScope = 'kuzzle' | 'app' | 'all'

/** An action as documents about the API show it. */
export interface DescribedAction {
  readonly controller: string
  readonly action: string
  readonly plugin: string
  /** Of the host's own, not of a plugin. */
  readonly isBuiltIn: boolean
  readonly routes: readonly Route[]
  readonly description: ActionDescription
}

/** All actions that there are, in the order in which they were registered. */
export function describeActions({ actions, routes }: Registry): DescribedAction[] {
  const host = actions.get('server')?.get('now')?.plugin
  const routesByAction = new Map<string, Route[]>()
  for (const route of routes.all) {
    const name = `${route.controller}:${route.action}`
    routesByAction.set(name, [...routesByAction.get(name) ?? [], route])
  }
  return [...actions].flatMap(([controller, found]) => [...found].map(([action, { plugin, action: { description = {} } }]): DescribedAction => ({
    controller, action, description, plugin: plugin.name, isBuiltIn: plugin === host, routes: routesByAction.get(`${controller}:${action}`) ?? [],
  })))
}

/** Those of a scope. */
export const inScope = (actions: readonly DescribedAction[], scope: ApiScope): DescribedAction[] =>
  actions.filter(({ isBuiltIn }) => scope === 'all' || isBuiltIn === (scope === 'kuzzle'))

/** `checkout/payment:pay`. */
export const nameOf = ({ controller, action }: DescribedAction): string => `${controller}:${action}`
