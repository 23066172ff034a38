import { createError, type Request } from '@mortise/sdk'

/** An argument that is one of a few words, the first when absent. @throws `api.assert.invalid_argument` naming them */
export function oneOf<T extends string>(request: Request, name: string, allowed: readonly [T, ...T[]]): T {
  const value = request.getString(name, allowed[0])
  const found = allowed.find((candidate) => candidate === value)
  if (found === undefined) throw createError('api.assert.invalid_argument', name, allowed.map((text) => `"${text}"`).join(' or '))
  return found
}
