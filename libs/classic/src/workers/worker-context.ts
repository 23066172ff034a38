import { errorClasses, KuzzleError, RequestContext, RequestInput } from '@mortise/sdk'
import { configOf, type PluginContext } from '../context/context.js'
import { Koncorde } from '../context/filters.js'
import { ClassicRequest } from '../context/request-constructor.js'
import { BaseValidationType } from '../context/validation.js'
import type { Era } from '../identity/era.js'

/**
 * Makes the second argument of a worker plugin's `init`: `config`,
 * `constructors` without `Repository`, and `errors`. Nothing there reaches
 * into the host. Source: the contract's section on worker plugins.
 */
export const makeWorkerContext = (config: Readonly<Record<string, unknown>>, era: Era): PluginContext => ({
  shown: {
    config: configOf(config, era),
    constructors: { Request: ClassicRequest, RequestContext, RequestInput, BaseValidationType, Koncorde, Dsl: Koncorde },
    errors: { ...errorClasses, KuzzleError },
  },
  validationTypes: [],
  start: () => undefined,
  close: () => undefined,
})
