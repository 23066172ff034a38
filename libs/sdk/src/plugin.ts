import 'reflect-metadata'
import { assertClass, misused } from './assert-decorated.js'
import { marksOf } from './marks.js'
import type { Class, PluginOptions } from './options.js'

/**
 * Makes a class a plugin. The host constructs it by dependency injection,
 * calls Nest's lifecycle methods (`onModuleInit`, `onApplicationShutdown` …)
 * and binds its listeners, its controllers and those of its providers. A
 * method `onHealthCheck` of any of them that throws keeps it from coming up,
 * and the one that it was to replace goes on.
 *
 * @throws TypeError when it decorates anything but a class, or is given no options.
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
  if (typeof options !== 'object' || options === null) throw misused('@Plugin', options, '@Plugin({ name: \'geo\' })')
  return (target, member?: unknown) => {
    assertClass('@Plugin', target, member)
    marksOf(target).plugin = options
  }
}

/**
 * Marks a provider class, so that the compiler records the types of its
 * constructor's parameters for injection. Nest's own `@Injectable` does as
 * well; this one saves a plugin the dependency.
 */
export function Injectable(): (target: Class) => void
export function Injectable(bare?: unknown): (target: Class, member?: unknown) => void {
  if (bare !== undefined) throw misused('@Injectable', bare, '@Injectable()')
  return (target, member) => assertClass('@Injectable', target, member)
}
