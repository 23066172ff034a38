import { createError, type Request, type StandardResult, type StandardSchemaV1 } from '@mortise/sdk'
import { isThenable } from '@app/supervision'
import { pathOf } from './check-input.js'

/**
 * An action whose answer is what the schema makes of what it returns: what is
 * not declared does not get out.
 *
 * @throws `plugin.runtime.unexpected_error` (500), naming the action, for an answer that does not fit.
 */
export function checkOutput(schema: StandardSchemaV1, owner: string, action: (request: Request) => unknown): (request: Request) => unknown {
  const read = (result: StandardResult<unknown>): unknown => {
    if (!result.issues) return result.value
    const faults = result.issues.map(({ message, path = [] }) => (path.length > 0 ? `"${pathOf(path)}": ${message}` : message))
    throw createError('plugin.runtime.unexpected_error', `${owner} answered what its own output schema refuses: ${faults.join('; ')}`)
      .with({ hint: 'Correct the answer, or the schema that is given as "output".' })
  }
  const check = (answer: unknown): unknown => {
    const result = schema['~standard'].validate(answer)
    return isThenable(result) ? result.then(read as (value: unknown) => unknown) : read(result)
  }
  return (request) => {
    const answer = action(request)
    return isThenable(answer) ? answer.then(check) : check(answer)
  }
}
