'use strict'

const { createRequire } = require('node:module')
const { join } = require('node:path')

// The classes are the host's own, so that its errors and requests are the plugin's too. A plugin finds them there; an application has the host loaded.
const HOST = Symbol.for('mortise.kuzzle')
if (!globalThis[HOST]) loadHost()
const host = globalThis[HOST]

/** From where this package lies, else from where the application is started. */
function loadHost() {
  for (const place of [require, createRequire(join(process.cwd(), 'package.json'))]) {
    try {
      return void place('mortise')
    } catch (error) {
      if (error.code !== 'MODULE_NOT_FOUND') throw error
    }
  }
  throw new Error('The package "kuzzle" stands on the host, which is not installed here: run "npm install mortise".')
}

// One by one, for those who import them by name from an ES module.
exports.Backend = host.Backend
exports.Controller = host.Controller
exports.EmbeddedSDK = host.EmbeddedSDK
exports.HttpStream = host.HttpStream
exports.Inflector = host.Inflector
exports.Koncorde = host.Koncorde
exports.KuzzleRequest = host.KuzzleRequest
exports.Mutex = host.Mutex
exports.NameGenerator = host.NameGenerator
exports.ObjectRepository = host.ObjectRepository
exports.Plugin = host.Plugin
exports.QueryTranslator = host.QueryTranslator
exports.Request = host.Request
exports.RequestContext = host.RequestContext
exports.RequestInput = host.RequestInput
exports.RequestResponse = host.RequestResponse
exports.Store = host.Store
exports.cacheDbEnum = host.cacheDbEnum
exports.storeScopeEnum = host.storeScopeEnum

exports.BadRequestError = host.BadRequestError
exports.ExternalServiceError = host.ExternalServiceError
exports.ForbiddenError = host.ForbiddenError
exports.GatewayTimeoutError = host.GatewayTimeoutError
exports.InternalError = host.InternalError
exports.KuzzleError = host.KuzzleError
exports.MultipleErrorsError = host.MultipleErrorsError
exports.NotFoundError = host.NotFoundError
exports.ParseError = host.ParseError
exports.PartialError = host.PartialError
exports.PluginImplementationError = host.PluginImplementationError
exports.PreconditionError = host.PreconditionError
exports.ServiceUnavailableError = host.ServiceUnavailableError
exports.SizeLimitError = host.SizeLimitError
exports.TooManyRequestsError = host.TooManyRequestsError
exports.UnauthorizedError = host.UnauthorizedError

// Everything else is the public client's.
const { __esModule, ...client } = require('kuzzle-sdk')
for (const name of Object.keys(client)) {
  if (!Object.hasOwn(exports, name)) exports[name] = client[name]
}
