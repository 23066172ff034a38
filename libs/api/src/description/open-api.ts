import type { JsonSchema } from '@mortise/sdk'
import type { Route } from '@app/registry'
import { Components, wordOf } from './components.js'
import { nameOf, type DescribedAction } from './described-action.js'
import { envelopeSchemas } from './envelope-schemas.js'

interface Operation {
  readonly operationId: string
  readonly summary?: string
  readonly tags: readonly string[]
  readonly parameters: readonly object[]
  readonly responses: Readonly<Record<string, object>>
  readonly requestBody?: object
}

/** Schemas of an action, ready to stand in the document. */
interface Shapes {
  readonly input: { readonly properties?: Readonly<Record<string, JsonSchema>>; readonly required?: readonly string[] } | undefined
  readonly output: JsonSchema | undefined
}

const BODIES: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

const json = (schema: object): object => ({ content: { 'application/json': { schema } } })
const reference = (name: keyof typeof envelopeSchemas): object => ({ $ref: `#/components/schemas/${name}` })

/**
 * Describes the routes of actions in OpenAPI 3.1, with what their schemas
 * tell. An action of several routes is described under each of them.
 */
export function describeApi(actions: readonly DescribedAction[], version: string): object {
  const components = new Components(envelopeSchemas)
  const paths: Record<string, Record<string, Operation>> = {}
  for (const action of actions) {
    const shapes = shapesOf(action, components)
    for (const route of action.routes) {
      const template = route.path.replace(/:([^/]+)/g, '{$1}')
      const operations = (paths[template] ??= {})
      operations[route.verb.toLowerCase()] = describeRoute(action, route, shapes)
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Mortise API', version },
    servers: [{ url: '/' }],
    security: [{}, { token: [] }],
    tags: [...new Set(actions.filter(({ routes }) => routes.length > 0).map(({ controller }) => controller))].map((name) => ({ name })),
    paths,
    components: { schemas: components.schemas, securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
  }
}

function shapesOf(action: DescribedAction, components: Components): Shapes {
  const { input, output } = action.description
  const owner = wordOf(nameOf(action))
  return { input: input && components.embed(input, `${owner}.input`), output: output && components.embed(output, `${owner}.output`) }
}

function describeRoute(action: DescribedAction, { verb, path }: Route, { input, output }: Shapes): Operation {
  const { summary } = action.description
  const ok = output ? { allOf: [reference('Answer'), { type: 'object', properties: { result: output } }] } : reference('Answer')
  return {
    operationId: `${nameOf(action)} ${verb} ${path}`,
    ...(summary !== undefined && { summary }),
    tags: [action.controller],
    parameters: parametersOf(path, input),
    ...(BODIES.has(verb) && bodyOf(input)),
    responses: { 200: { description: 'The result.', ...json(ok) }, default: { description: 'What went wrong.', ...json(reference('Failure')) } },
  }
}

/** Parameters of the path first; what else an action takes beside its body is in the query string. */
function parametersOf(path: string, { properties = {}, required = [] }: Shapes['input'] & object = {}): object[] {
  const names = [...path.matchAll(/:([^/]+)/g)].map(([, name]) => name as string)
  const inPath = names.map((name) => ({ name, in: 'path', required: true, schema: properties[name] ?? { type: 'string' } }))
  const inQuery = Object.keys(properties).filter((name) => name !== 'body' && !names.includes(name))
    .map((name) => ({ name, in: 'query', ...(required.includes(name) && { required: true }), schema: properties[name] }))
  return [...inPath, ...inQuery]
}

/** An action that names what it takes has a body only where it names one. */
function bodyOf(input: Shapes['input']): { requestBody?: object } {
  if (!input?.properties) return { requestBody: json({ type: 'object' }) }
  const { body } = input.properties
  return body ? { requestBody: { ...json(body), required: input.required?.includes('body') ?? false } } : {}
}
