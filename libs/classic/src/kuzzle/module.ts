import { errorClasses, KuzzleError, Request, RequestContext, RequestInput, RequestResponse } from '@mortise/sdk'
import { MutexLock, type MutexOptions } from '../context/locks.js'
import { Koncorde } from '../context/filters.js'
import { EmbeddedSdk } from '../sdk/embedded-sdk.js'
import { Application, type ApplicationParts } from './application.js'
import { Controller, Plugin } from './parent-classes.js'
import { HttpStream } from './http-stream.js'
import { Inflector } from './inflector.js'
import { NameGenerator } from './name-generator.js'
import { QueryTranslator } from './query-translator.js'

/** Where the package `kuzzle`, which plugins require, finds what it exports. */
const MODULE = Symbol.for('mortise.kuzzle')

interface Globals {
  app?: Application
  kuzzle?: Application
  [MODULE]?: object
}

const globals = globalThis as unknown as Globals

/** The class of the application that plugins run in; it is not theirs to construct. */
class Backend {
  static [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Application
  }

  constructor() {
    throw new KuzzleError('An application cannot be constructed inside a plugin: the host is the application.', 500)
  }
}

/** Locks of whichever application is open when it is constructed: plugins load this once, hosts come and go. */
class Mutex extends MutexLock {
  constructor(resource: string, options?: MutexOptions) {
    if (!globals.app) throw new KuzzleError('A Mutex needs a running host.', 500)
    super(globals.app.parts.host.locks, resource, options)
  }
}

const exported = {
  ...errorClasses, KuzzleError, Backend, Controller, EmbeddedSDK: EmbeddedSdk, HttpStream, Inflector, Koncorde, KuzzleRequest: Request,
  Mutex, NameGenerator, Plugin, QueryTranslator, Request, RequestContext, RequestInput, RequestResponse,
}

// As soon as the host is imported: an application constructs its plugins before it starts the host that runs them.
globals[MODULE] = exported

/**
 * Opens what plugins of the second generation find around them once a host
 * starts: `global.app` and `global.kuzzle`. To be called before plugins are
 * started; `close()` takes them away again.
 */
export function openApplication(parts: ApplicationParts): Application {
  const application = new Application(parts)
  const close = application.close.bind(application)
  application.close = () => {
    close()
    if (globals.app === application) globals.app = globals.kuzzle = undefined
  }
  globals.app = globals.kuzzle = application
  return application
}
