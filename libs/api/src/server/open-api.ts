import type { Route } from '@app/registry'

interface Operation {
  operationId: string
  tags: string[]
  parameters: object[]
  responses: Record<string, object>
  requestBody?: object
}

const BODIES: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

const json = (schema: object): object => ({ content: { 'application/json': { schema } } })
const answer = (description: string, name: string): object => ({ description, ...json({ $ref: `#/components/schemas/${name}` }) })

/** The envelope of every answer, as the protocol has it. */
const schemas = {
  Answer: {
    type: 'object',
    required: ['requestId', 'status', 'error'],
    properties: {
      requestId: { type: 'string' },
      status: { type: 'integer' },
      error: { type: ['object', 'null'] },
      controller: { type: ['string', 'null'] },
      action: { type: ['string', 'null'] },
      index: { type: 'string' },
      collection: { type: 'string' },
      volatile: { type: ['object', 'null'] },
      result: {},
    },
  },
  Failure: {
    allOf: [
      { $ref: '#/components/schemas/Answer' },
      {
        properties: {
          error: {
            type: 'object',
            required: ['message', 'status'],
            properties: { id: { type: 'string' }, code: { type: 'integer' }, message: { type: 'string' }, status: { type: 'integer' } },
          },
        },
      },
    ],
  },
}

/** Describes routes in OpenAPI 3.1. An action of several routes is described under each of them. */
export function describeApi(routes: readonly Route[], version: string): object {
  const paths: Record<string, Record<string, Operation>> = {}
  for (const { verb, path, controller, action } of routes) {
    const template = path.replace(/:([^/]+)/g, '{$1}')
    const operations = (paths[template] ??= {})
    operations[verb.toLowerCase()] = describeAction(`${controller}:${action}`, verb, path)
  }
  return { openapi: '3.1.0', info: { title: 'Mortise API', version }, paths, components: { schemas } }
}

function describeAction(name: string, verb: string, path: string): Operation {
  const parameters = [...path.matchAll(/:([^/]+)/g)].map(([, parameter]) => ({ name: parameter, in: 'path', required: true, schema: { type: 'string' } }))
  return {
    operationId: `${name} ${verb} ${path}`,
    tags: [name.slice(0, name.indexOf(':'))],
    parameters,
    ...(BODIES.has(verb) && { requestBody: json({ type: 'object' }) }),
    responses: { 200: answer('The result.', 'Answer'), default: answer('What went wrong.', 'Failure') },
  }
}
