import type { Request } from '@mortise/sdk'

/** The actions that a chain of requests has been through; all of its requests share one set. */
const chains = new WeakMap<Request, Set<string>>()

const actionOf = ({ input }: Request): string => `${input.controller}:${input.action}`

function chainOf(request: Request): Set<string> {
  const known = chains.get(request)
  if (known) return known
  const chain = new Set<string>()
  chains.set(request, chain)
  return chain
}

/** Notes that a request was made of another, which has been on its way already. */
export function continueChain(origin: Request, derived: Request): void {
  chains.set(derived, chainOf(origin).add(actionOf(origin)))
}

/**
 * Whether nothing in the chain of a request has run its action before; from
 * then on something has. It ends the loop of a plugin that, told of an action,
 * runs the same action.
 */
export function isFirstInChain(request: Request): boolean {
  const chain = chainOf(request)
  if (chain.has(actionOf(request))) return false
  chain.add(actionOf(request))
  return true
}
