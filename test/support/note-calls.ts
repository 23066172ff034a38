import type { Kuzzle } from 'kuzzle-sdk'

/** What of a client's controller is for callers: the methods of its class, but for the constructor. */
const methodsOf = (controller: object): string[] =>
  Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(controller))).filter(([name, { value }]) => name !== 'constructor' && typeof value === 'function').map(([name]) => name)

/**
 * Remembers which methods of the published client's controllers are called, to
 * see at the end that none was forgotten.
 *
 * @returns what tells the methods that nobody has called yet, as `auth.login`
 */
export function noteCalls(client: Kuzzle, names: readonly (keyof Kuzzle)[]): () => string[] {
  const uncalled = new Set<string>()
  for (const name of names) {
    const controller = client[name] as Record<string, (...values: unknown[]) => unknown>
    for (const method of methodsOf(controller)) {
      const original = controller[method] as (...values: unknown[]) => unknown
      uncalled.add(`${name}.${method}`)
      controller[method] = (...values) => {
        uncalled.delete(`${name}.${method}`)
        return original.apply(controller, values)
      }
    }
  }
  return () => [...uncalled]
}
