import { errorClasses, KuzzleError, Request, RequestContext, RequestInput, RequestResponse } from '@mortise/sdk'
import type { DocumentStore } from '@app/storage'
import { MutexLock, type MutexOptions } from '../context/locks.js'
import { Koncorde } from '../context/filters.js'
import { EmbeddedSdk } from '../sdk/embedded-sdk.js'
import { Backend } from '../backend/backend.js'
import type { HostedApplication } from '../backend/hosted-application.js'
import type { ApplicationParts } from '../backend/stage.js'
import { Controller, Plugin } from './parent-classes.js'
import { HttpStream } from './http-stream.js'
import { Inflector } from './inflector.js'
import { NameGenerator } from './name-generator.js'
import { ObjectRepository } from './object-repository.js'
import { QueryTranslator } from './query-translator.js'
import { Store } from './store.js'

/** Where the package `kuzzle`, which plugins require, finds what it exports. */
const MODULE = Symbol.for('mortise.kuzzle')

interface Globals {
  app?: HostedApplication
  kuzzle?: HostedApplication
  [MODULE]?: object
}

const globals = globalThis as unknown as Globals

/** @throws KuzzleError when no host is open */
function openStore(what: string): DocumentStore {
  const host = globals.app?.parts?.host
  if (!host) throw new KuzzleError(`A ${what} needs a running host.`, 500)
  return host.store
}

/** Locks of whichever application is open when it is constructed: plugins load this once, hosts come and go. */
class Mutex extends MutexLock {
  constructor(resource: string, options?: MutexOptions) {
    super(openStore('Mutex').locks, resource, options)
  }
}

/** Collections of whichever application is open when they are used. */
class HostStore extends Store {
  protected override get documents(): DocumentStore {
    return openStore('Store')
  }
}

/** Names of the classic host's two caches, and of the scopes of its storage, as plugins spell them. */
const cacheDbEnum = { INTERNAL: 'internal', PUBLIC: 'public' } as const
const storeScopeEnum = { PRIVATE: 'private', PUBLIC: 'public' } as const

const exported = {
  ...errorClasses, KuzzleError, cacheDbEnum, storeScopeEnum, Backend, Controller, EmbeddedSDK: EmbeddedSdk, HttpStream, Inflector, Koncorde, KuzzleRequest: Request,
  Mutex, NameGenerator, ObjectRepository, Plugin, QueryTranslator, Request, RequestContext, RequestInput, RequestResponse, Store: HostStore,
}

// As soon as the host is imported: an application constructs its plugins before it starts the host that runs them.
globals[MODULE] = exported

/** The name of the application where code has made none. */
const UNNAMED = 'application'

/**
 * Opens what plugins of the second generation find around them once a host
 * starts: `global.app` and `global.kuzzle`, the application that starts it or
 * else one of the host's own. To be called before plugins are started;
 * returns what takes them away again.
 */
export function openApplication(parts: ApplicationParts, application: HostedApplication = new Backend(UNNAMED)): { application: HostedApplication; close(): void } {
  application.attach(parts)
  globals.app = globals.kuzzle = application
  return {
    application,
    close: () => {
      application.close()
      if (globals.app === application) globals.app = globals.kuzzle = undefined
    },
  }
}
