import { createError, createErrorFrom, type ApiError, type Request } from '@mortise/sdk'
import { isThenable, messageOf } from '@app/supervision'
import type { Era } from '../identity/era.js'
import type { FoundMethod } from './find-method.js'

/** An action as clients call it. */
interface ActionName {
  readonly controller: string
  readonly action: string
}

/**
 * Makes a classic action one of the registry's. What its promise yields is
 * the result, `undefined` included. Plugins made before 1.5 may return plain
 * values; others must return a promise, or nothing.
 *
 * @throws `plugin.controller.invalid_action_response`, and `plugin.controller.unserializable_response` for a result that is no JSON
 */
export function actionHandler(method: FoundMethod, name: ActionName, era: Era): (request: Request) => unknown {
  return (request) => {
    const returned = method.call(request)
    if (isThenable(returned)) return returned.then((result) => checked(request, result))
    if (returned === undefined || era.isEarly) return checked(request, returned)
    throw createError('plugin.controller.invalid_action_response', name.controller, name.action)
      .with({ place: method.name, hint: 'Make the method async.' })
  }
}

/** A raw result or a stream is the door's to write. */
function checked(request: Request, result: unknown): unknown {
  tidyHeaders(request)
  if (typeof result !== 'object' || result === null) return checkScalar(request, result)
  if (request.response.raw || isStream(result)) return result
  try {
    JSON.stringify(result)
  } catch (fault) {
    throw unserializable(request, fault)
  }
  return result
}

function checkScalar(request: Request, result: unknown): unknown {
  if (typeof result === 'bigint') throw unserializable(request, new TypeError('it is a BigInt'))
  return result
}

function unserializable({ input: { controller, action } }: Request, fault: unknown): ApiError {
  const [said = ''] = messageOf(fault).split('\n')
  return createErrorFrom(fault, 'plugin.controller.unserializable_response', `${controller}:${action}`, said)
}

const isStream = (value: object): boolean =>
  typeof (value as { pipe?: unknown }).pipe === 'function' || typeof (value as { stream?: { pipe?: unknown } }).stream?.pipe === 'function'

/** Plugins of the first generation write into the headers themselves, in any case. */
function tidyHeaders({ response }: Request): void {
  for (const [name, value] of Object.entries(response.headers)) {
    if (name === name.toLowerCase()) continue
    delete response.headers[name]
    response.setHeader(name, value)
  }
}
