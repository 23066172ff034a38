import type { DynamicModule, INestApplicationContext, Provider } from '@nestjs/common'
import { APP_FILTER, DiscoveryModule, DiscoveryService, NestFactory } from '@nestjs/core'
import { createError, readMarks, type Class, type Logger, type PluginOptions } from '@mortise/sdk'
import { loaderErrors } from '../loader.errors.js'
import { hostModule, type ServicesByName } from './host-module.js'
import { PassOn } from './nest-exceptions.js'
import { quietly } from './nest-log.js'

/** The module that a plugin becomes. */
class PluginModule {}

/** A plugin's own Nest context. */
export interface PluginContext {
  readonly nest: INestApplicationContext
  /** What Nest constructed of the plugin's own, in the order it was declared. */
  readonly instances: readonly object[]
}

/**
 * Constructs a plugin in a Nest application context of its own and runs its
 * `onModuleInit` and `onApplicationBootstrap`.
 *
 * @throws `plugin.assert.unresolved_dependency` for a parameter that nothing provides.
 * @throws what its code throws; what was constructed by then has been told to shut down.
 */
export async function openContext(plugin: Class, services: ServicesByName): Promise<PluginContext> {
  const { name } = readMarks(plugin)?.plugin as PluginOptions
  let discovery: DiscoveryService | undefined
  const notice = { provide: Symbol('discovery'), useFactory: (found: DiscoveryService) => (discovery = found), inject: [DiscoveryService] }
  // A factory of its own: the shared one keeps its settings from one application to the next, and the embedding one has others.
  const factory = new (NestFactory.constructor as new () => typeof NestFactory)()
  try {
    const nest = await quietly(() => factory.createApplicationContext(moduleOf(plugin, services, notice), { abortOnError: false, autoFlushLogs: false }))
    checkScopes(nest.get(DiscoveryService), name)
    return { nest, instances: instancesIn(nest.get(DiscoveryService)) }
  } catch (thrown) {
    if (discovery) await shutDown(instancesIn(discovery), services.logger as Logger)
    throw readableError(thrown, name)
  }
}

function moduleOf(plugin: Class, services: ServicesByName, notice: Provider): DynamicModule {
  const { providers = [], controllers = [], imports = [] } = readMarks(plugin)?.plugin as PluginOptions
  return {
    module: PluginModule,
    imports: [hostModule(plugin, services), DiscoveryModule, ...imports as DynamicModule[]],
    // Controllers are providers here: no HTTP adapter listens in this context.
    providers: [notice, { provide: APP_FILTER, useValue: new PassOn() }, ...providers as Provider[], ...controllers, plugin],
  }
}

/** A listener or action is called on one instance, so there must be one. @throws `plugin.assert.cannot_load` */
function checkScopes(discovery: DiscoveryService, plugin: string): void {
  const scoped = discovery.getProviders({ include: [PluginModule] }).find((wrapper) => !wrapper.isDependencyTreeStatic() && readMarks(wrapper.metatype))
  if (!scoped) return
  throw createError('plugin.assert.cannot_load', plugin, `its class ${scoped.name} is constructed for each request, and nothing can be bound to it.`)
    .with({ place: String(scoped.name), hint: 'Let it, and what it depends on, have the default scope; actions get the request as argument.' })
}

function instancesIn(discovery: DiscoveryService): object[] {
  const wrappers = discovery.getProviders({ include: [PluginModule] })
  const instances = wrappers.filter((wrapper) => wrapper.isDependencyTreeStatic()).map((wrapper) => wrapper.instance as unknown)
  return [...new Set(instances)].filter((instance): instance is object => typeof instance === 'object' && instance !== null)
}

const SHUTDOWN = ['onModuleDestroy', 'beforeApplicationShutdown', 'onApplicationShutdown'] as const

/** Closes a plugin. What its shutdown methods throw is logged: Nest goes on to the next, and tells only a log of its own. */
export async function closeContext({ nest, instances }: PluginContext, logger: Logger): Promise<void> {
  for (const instance of instances as readonly Record<string, unknown>[]) {
    for (const method of SHUTDOWN) {
      const call = instance[method]
      const value = (signal?: string) => new Promise((done) => done((call as (signal?: string) => unknown).call(instance, signal))).catch((thrown: unknown) => logger.error(thrown))
      if (typeof call === 'function') Reflect.defineProperty(instance, method, { value, configurable: true })
    }
  }
  await nest.close()
}

/** Nest closes only what came up wholly, so for the rest its shutdown methods are called here. */
async function shutDown(instances: readonly object[], logger: Logger): Promise<void> {
  for (const method of SHUTDOWN) {
    for (const instance of instances as readonly Record<string, (() => unknown) | undefined>[]) {
      try {
        await instance[method]?.()
      } catch (thrown) {
        // What never came up may well fail to go down; the fault to report is the first one.
        logger.debug(thrown)
      }
    }
  }
}

interface UnknownDependency {
  readonly type: string | { name?: string }
  readonly context: { index?: number; key?: PropertyKey; name?: unknown }
}

/** Says which parameter of which class could not be injected; other errors pass. */
function readableError(thrown: unknown, plugin: string): unknown {
  const { type, context } = (thrown ?? {}) as Partial<UnknownDependency>
  if (!type || !context) return thrown
  const className = typeof type === 'string' ? type : type.name ?? String(type)
  const wanted = typeof context.name === 'function' ? context.name.name : String(context.name)
  const parameter = context.index === undefined ? `property "${String(context.key)}"` : `constructor parameter ${context.index + 1} (${wanted})`
  return loaderErrors.unresolved_dependency(plugin, className, parameter).with({
    place: className,
    hint: `List ${wanted} under providers of @Plugin, or the module that exports it under imports.`,
  })
}
