/** What the compiler hands to the decorator of a method. */
export interface DecoratedMethod {
  readonly target: object
  readonly key: string
  readonly descriptor: PropertyDescriptor | undefined
}

/** Decorators of methods refuse anything else: plugins need not be compiled, and some are compiled otherwise. @throws TypeError */
export function assertMethod(decorator: string, { target, key, descriptor }: DecoratedMethod): void {
  if (typeof key === 'object') {
    throw new TypeError(`${decorator} was compiled as a standard decorator. Set "experimentalDecorators" and "emitDecoratorMetadata" in tsconfig.json.`)
  }
  if (typeof target === 'function') throw new TypeError(`${decorator} decorates "${key}", which is static. Take "static" away: it is called on the instance that the host makes.`)
  if (typeof descriptor?.value !== 'function') throw new TypeError(`${decorator} decorates "${key}", which is no method.`)
}

/** Decorators of classes refuse anything else. @param key - What the compiler adds where a member is decorated. @throws TypeError */
export function assertClass(decorator: string, target: unknown, key?: unknown): void {
  const member = typeof key === 'string' ? key : undefined
  if (typeof target === 'function' && member === undefined) return
  throw new TypeError(`${decorator} decorates ${member === undefined ? 'something' : `"${member}"`}, which is no class.`)
}

/** Says what was given instead of what a decorator takes, and that brackets were forgotten when it was given what it should decorate. */
export function misused(decorator: string, given: unknown, example: string): TypeError {
  const isBare = typeof given === 'function' || (typeof given === 'object' && given !== null && Object.hasOwn(given, 'constructor'))
  const fault = isBare ? 'is written without brackets' : `was given ${Array.isArray(given) ? 'a list' : String(given)}`
  return new TypeError(`${decorator} ${fault}: write ${example}.`)
}
