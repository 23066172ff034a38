import { createError, errorClasses, KuzzleError, RequestContext, RequestInput, type Logger } from '@mortise/sdk'
import type { GuestServices } from '@app/pipeline'
import type { Locks } from '@app/storage'
import { rewriteAnswer } from '../answers/rewrite-answer.js'
import type { ClassicHost, ValidationType } from '../classic-host.js'
import type { ClassicPlugin } from '../classic-plugin.js'
import type { Era } from '../identity/era.js'
import type { Manifest } from '../identity/manifest.js'
import { EmbeddedSdk } from '../sdk/embedded-sdk.js'
import { OwnRealtime } from '../sdk/own-realtime.js'
import { ClusterAccess } from './cluster.js'
import { deepFreeze } from './deep-freeze.js'
import { makeExecute, type Execute } from './execute.js'
import { Koncorde } from './filters.js'
import { MutexLock, type MutexOptions } from './locks.js'
import { classicLog, classicLogger } from './log.js'
import { pluginErrorsOf } from './plugin-errors.js'
import { PrivateStorage } from './private-storage.js'
import { repositoryOf } from './repository.js'
import { ClassicRequest } from './request-constructor.js'
import { StrategyAccess } from './strategies.js'
import { BaseValidationType, makeValidation } from './validation.js'

/** What a context is made of. */
export interface ContextParts {
  readonly name: string
  readonly place: string
  readonly plugin: ClassicPlugin
  readonly era: Era
  readonly manifest: Manifest | undefined
  readonly isPrivileged: boolean
  readonly host: ClassicHost
  readonly services: GuestServices
}

/** The context of one plugin, and what the host does with it around the plugin's life. */
export interface PluginContext {
  /** What `init` gets. */
  readonly shown: Readonly<Record<string, unknown>>
  /** What the plugin has added by `accessors.validation`, and goes on adding. */
  readonly validationTypes: readonly ValidationType[]
  /** To be called once `init` has ended. */
  start(): void
  /** Lets go of what the plugin still holds of the host. A second call does nothing. */
  close(): void
}

/** Makes the second argument of `init`. Source: the contract's inventory of context members. @throws `plugin.manifest.invalid_errors` */
export function makeContext(parts: ContextParts): PluginContext {
  const { host, services, era } = parts
  const log = classicLog(services.logger)
  const errorsManager = pluginErrorsOf(parts.name, parts.manifest?.errors ?? {})
  const storage = new PrivateStorage(host.store, parts.name)
  const cluster = new ClusterAccess(host.store.messages, services.logger)
  const strategies = new StrategyAccess(parts, host.strategiesOf?.(parts.name))
  const realtime = host.realtime && new OwnRealtime(host.realtime)
  const sdk = new EmbeddedSdk({ pipeline: services.pipeline, loadUser: (id) => host.loadUser(id), realtime, rewrite: era.generation === 1 ? rewriteAnswer : undefined })
  const execute = makeExecute(services.pipeline, services.logger, era)
  const types = host.validation?.open(parts.name)
  const shown = {
    log,
    logger: classicLogger(log),
    config: configOf(host.config, era),
    secrets: deepFreeze(structuredClone(host.secretsOf(parts.name))),
    errors: { ...errorClasses, KuzzleError },
    errorsManager,
    kerror: errorsManager,
    accessors: {
      ...accessorsOf(parts, execute),
      validation: makeValidation(types, execute),
      storage: { bootstrap: storage.bootstrap, createCollection: storage.createCollection },
      cluster,
      strategies: { add: strategies.add, remove: strategies.remove },
      sdk,
    },
    constructors: constructorsOf(host.store.locks, repositoryOf({ era, collectionOf: (name) => storage.collectionOf(name) })),
  }
  return {
    shown,
    validationTypes: types?.list ?? [],
    start: () => strategies.start(),
    close: () => {
      types?.close()
      cluster.close()
      realtime?.close()
    },
  }
}

function accessorsOf({ name, host, services, era, isPrivileged }: ContextParts, execute: Execute): Record<string, unknown> {
  return {
    execute,
    nodeId: host.nodeId,
    subscription: subscriptionOf(host),
    ...(isPrivileged && { kuzzle: host.privileged }),
    trigger: (event: string, payload?: unknown): Promise<unknown> => {
      if (era.refusesColons && event.includes(':')) throw createError('plugin.context.invalid_event', event)
      return settled(services.events.trigger(event, payload), name, services.logger)
    },
  }
}

/** The first generation's `trigger` gave nothing back, so nobody there waits for its failure: it is logged, and still rejects for who does. */
function settled<T>(promise: Promise<T>, plugin: string, logger: Logger): Promise<T> {
  promise.catch((error: unknown) => logger.debug(`An event of plugin "${plugin}" was refused: ${String(error)}`))
  return promise
}

function subscriptionOf({ realtime }: ClassicHost): Record<string, unknown> {
  const refuse = (method: string) => (): never => { throw createError('plugin.context.unavailable_realtime', method) }
  if (!realtime) return { register: refuse('subscribe'), unregister: refuse('unsubscribe') }
  return {
    register: realtime.register.bind(realtime),
    unregister: (connectionId: string, roomId: string, notify = false) => realtime.unregister(connectionId, roomId, notify),
  }
}

function constructorsOf(locks: Locks, Repository: unknown): Record<string, unknown> {
  return {
    Request: ClassicRequest,
    RequestContext,
    RequestInput,
    Repository,
    BaseValidationType,
    Koncorde,
    Dsl: Koncorde,
    Mutex: class Mutex extends MutexLock {
      constructor(resource: string, options?: MutexOptions) {
        super(locks, resource, options)
      }
    },
    ESClient: class ESClient {
      constructor() {
        throw createError('plugin.runtime.unexpected_error', 'this host has no Elasticsearch to be a client of').with({
          hint: 'Search with "accessors.sdk.document.search" or "constructors.Repository": both take Elasticsearch queries.',
        })
      }
    },
  }
}

/** Plugins compare `version` with the releases of the classic host. */
export function configOf(config: ClassicHost['config'], era: Era): Record<string, unknown> {
  const copy = { version: era.hostVersion, ...structuredClone(config) }
  return era.freezesConfig ? deepFreeze(copy) : copy
}
