'use strict'

// The classes are the host's own, so that its errors and requests are the plugin's too; they are there once the host is imported.
const host = globalThis[Symbol.for('mortise.kuzzle')]
if (!host) throw new Error('The package "kuzzle" is empty outside of a host: let the host load this plugin, or import "mortise" first.')

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
exports.Plugin = host.Plugin
exports.QueryTranslator = host.QueryTranslator
exports.Request = host.Request
exports.RequestContext = host.RequestContext
exports.RequestInput = host.RequestInput
exports.RequestResponse = host.RequestResponse

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
