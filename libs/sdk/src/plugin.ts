import 'reflect-metadata'
import { marksOf } from './marks.js'
import type { Class, PluginOptions } from './options.js'

/**
 * Makes a class a plugin. The host constructs it by dependency injection,
 * calls Nest's lifecycle methods (`onModuleInit`, `onApplicationShutdown` …)
 * and binds its listeners, its controllers and those of its providers. A
 * method `onHealthCheck` of any of them that throws keeps it from coming up,
 * and the one that it was to replace goes on.
 *
 * @throws TypeError when it decorates anything but a class.
 *
 * @example
 * @Plugin({ name: 'created-at' })
 * export default class CreatedAt {
 *   @Pipe('document:beforeCreate')
 *   stamp(request: Request) {
 *     request.getBody().createdAt = Date.now()
 *     return request
 *   }
 * }
 */
export function Plugin(options: PluginOptions): (target: Class) => void {
  return (target) => {
    marksOf(target).plugin = options
    assertClass(target)
  }
}

/** Decorators of classes refuse anything else. @throws TypeError */
export function assertClass(target: unknown): void {
  if (typeof target !== 'function') throw new TypeError('@Plugin, @Controller and @Injectable decorate classes only.')
}

/**
 * Marks a provider class, so that the compiler records the types of its
 * constructor's parameters for injection. Nest's own `@Injectable` does as
 * well; this one saves a plugin the dependency.
 */
export function Injectable(): (target: Class) => void {
  return assertClass
}
