import { METHOD_METADATA } from '@nestjs/common/constants.js'
import { MetadataScanner, type ModulesContainer } from '@nestjs/core'
import type { Class } from '@mortise/sdk'
import { nameAction, type ActionName } from './action-of.js'

/** What roles may name of an application around the host: every handler of its controllers, guarded there, above, or for the whole application. */
export function routedActions(modules: ModulesContainer): ActionName[] {
  const types = [...modules.values()].flatMap(({ controllers }) => [...controllers.values()]).flatMap(({ metatype }) => (metatype ? [metatype as Class] : []))
  return types.flatMap((type) => {
    const prototype = type.prototype as Record<string, () => unknown>
    const handlers = new MetadataScanner().getAllMethodNames(prototype).map((name) => prototype[name] as () => unknown)
    return handlers.filter((handler) => Reflect.getMetadata(METHOD_METADATA, handler) !== undefined).map((handler) => nameAction(type, handler))
  })
}
