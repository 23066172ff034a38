import { createError, type ActionMark, type ApiError, type Request, type StandardSchemaV1 } from '@mortise/sdk'
import type { ActionDefinition, ActionDescription } from '@app/registry'
import { checkInput, type CheckedAction } from './check-input.js'
import { checkOutput } from './check-output.js'
import { describeSchema } from './describe-schema.js'

/** Whose action it is. */
export interface ActionOwner {
  readonly plugin: string
  /** As clients call it: `checkout/payment`. */
  readonly controller: string
}

/**
 * The handler of an action, held to the schemas of its mark, and their
 * description. An action without any is what it was.
 *
 * @throws `plugin.assert.invalid_controller_definition` for what is no schema, or takes no object.
 */
export function bindSchemas(mark: ActionMark, { plugin, controller }: ActionOwner, action: CheckedAction): Pick<ActionDefinition, 'handler' | 'description'> {
  const { input, output, name } = mark
  const fault = faultOf(mark, controller)
  if (fault) throw fault
  const description = describe(mark)
  if (!description) return { handler: action }
  const checked = input && description.input ? checkInput(input, description.input, action) : (request: Request) => action(request)
  return { description, handler: output ? checkOutput(output, `Action "${controller}:${name}" of plugin "${plugin}"`, checked) : checked }
}

function describe({ summary, input, output }: ActionMark): ActionDescription | undefined {
  const parts = {
    ...(summary !== undefined && { summary }),
    ...(input && { input: describeSchema(input, 'input') }),
    ...(output && { output: describeSchema(output, 'output') }),
  }
  return Object.keys(parts).length > 0 ? parts : undefined
}

function faultOf({ name, input, output }: ActionMark, controller: string): ApiError | undefined {
  const refuse = (fault: string, hint: string): ApiError =>
    createError('plugin.assert.invalid_controller_definition', controller, fault).with({ place: `${controller}:${name}`, hint })
  for (const [key, schema] of Object.entries({ input, output })) {
    if (schema && !isSchema(schema)) return refuse(`the ${key} of action "${name}" is no schema`, `Give a Standard Schema as ${key}, such as one of zod.`)
  }
  const { type = 'object' } = input ? describeSchema(input, 'input') : {}
  return type === 'object' ? undefined : refuse(`the input of action "${name}" is no object`, 'Name its arguments: z.object({ id: z.string(), body: … }).')
}

const isSchema = (value: unknown): value is StandardSchemaV1 =>
  typeof (value as Partial<StandardSchemaV1> | null)?.['~standard']?.validate === 'function'
