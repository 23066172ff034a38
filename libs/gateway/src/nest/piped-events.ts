import { INTERCEPTORS_METADATA } from '@nestjs/common/constants.js'
import { MetadataScanner, type ModulesContainer } from '@nestjs/core'
import type { Class } from '@mortise/sdk'
import { eventOf, nameAction } from './action-of.js'
import { PipesInterceptor } from './pipes-interceptor.js'

/** The events that {@link PipesInterceptor} emits around controllers of an application, so that plugins may listen to them. */
export function pipedEvents(modules: ModulesContainer): string[] {
  const wrappers = [...modules.values()].flatMap(({ controllers }) => [...controllers.values()])
  return wrappers.flatMap(({ metatype }) => (metatype ? eventsAround(metatype as Class) : []))
}

function eventsAround(type: Class): string[] {
  const prototype = type.prototype as Record<string, () => unknown>
  const methods = new MetadataScanner().getAllMethodNames(prototype).map((name) => prototype[name] as () => unknown)
  return methods.filter((method) => isPiped(type) || isPiped(method)).flatMap((method) => {
    const name = nameAction(type, method)
    return [eventOf(name, 'before'), eventOf(name, 'after')]
  })
}

const isPiped = (target: object): boolean =>
  ((Reflect.getMetadata(INTERCEPTORS_METADATA, target) ?? []) as unknown[]).some((interceptor) => interceptor === PipesInterceptor || interceptor instanceof PipesInterceptor)
