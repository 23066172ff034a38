import type { INestApplicationContext } from '@nestjs/common'
import { EXCEPTION_FILTERS_METADATA, GUARDS_METADATA, INTERCEPTORS_METADATA, PIPES_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/internal'
import { ModulesContainer } from '@nestjs/core'
import { PassOn } from './nest-exceptions.js'

const KINDS = [GUARDS_METADATA, INTERCEPTORS_METADATA, PIPES_METADATA, EXCEPTION_FILTERS_METADATA]
/** Nest gives each global enhancer a token of its own, which begins with the one it was provided under. */
const GLOBAL_TOKEN = /^APP_(GUARD|INTERCEPTOR|PIPE|FILTER)\b/

/** The kinds of enhancers that a plugin provides for all of its actions, such as `APP_GUARD`. */
export function listGlobalEnhancers(nest: INestApplicationContext): string[] {
  return [...nest.get(ModulesContainer).values()].flatMap(({ providers }) => [...providers])
    .filter(([token, { instance }]) => GLOBAL_TOKEN.test(String(token)) && !(instance instanceof PassOn))
    .map(([token]) => String(token).replace(/ .*/, ''))
}

/** Whether guards, interceptors, pipes, filters or parameter decorators work on one method of an instance, or on its class. */
export const hasEnhancers = (instance: object, method: string): boolean =>
  KINDS.some((kind) => hasMetadata(kind, instance, method)) || Reflect.hasMetadata(ROUTE_ARGS_METADATA, instance.constructor, method)

/** Whether something is noted for a method, or for its whole class. */
export const hasMetadata = (key: string, instance: object, method: string): boolean =>
  Reflect.hasMetadata(key, instance.constructor) || Reflect.hasMetadata(key, (instance as Record<string, object>)[method] as object)
