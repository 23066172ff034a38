import type { JsonSchema } from '@mortise/sdk'

/** The envelope of every answer, as the protocol has it. */
export const envelopeSchemas: Readonly<Record<'Answer' | 'Failure', JsonSchema>> = {
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
            properties: {
              id: { type: 'string' },
              code: { type: 'integer' },
              message: { type: 'string' },
              status: { type: 'integer' },
              errors: {
                type: 'array',
                description: 'Each fault, where there may be several: of arguments, their paths and what is wrong with them.',
                items: { type: 'object', properties: { path: { type: 'string' }, message: { type: 'string' } } },
              },
            },
          },
        },
      },
    ],
  },
}
