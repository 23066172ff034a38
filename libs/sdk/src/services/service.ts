/** The key under which an injectable service says which one it is, in whatever copy of this package. */
const SERVICE = Symbol.for('mortise.service')

/** The services a host hands to a plugin, by name. */
export type ServiceName = 'logger' | 'config' | 'secrets' | 'api' | 'store' | 'events' | 'realtime' | 'strategies'

/** Brands an abstract class as the injection token of a host's service. */
export function service(name: ServiceName): (target: abstract new () => object) => void {
  return (target) => void Object.defineProperty(target, SERVICE, { value: name })
}

/**
 * Which service of the host a constructor parameter's type asks for, or
 * `undefined` when it asks for none. Tells by brand, so that a plugin which
 * carries its own copy of this package is served all the same.
 */
export function serviceOf(token: unknown): ServiceName | undefined {
  return typeof token === 'function' && Object.hasOwn(token, SERVICE) ? (token as { [SERVICE]?: ServiceName })[SERVICE] : undefined
}
