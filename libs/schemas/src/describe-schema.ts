import type { JsonSchema, StandardSchemaV1 } from '@mortise/sdk'

/** What the dialects of libraries call a value that JSON Schema has no word for; zod would else refuse the whole schema. */
const libraryOptions = { unrepresentable: 'any' }

/**
 * A schema as JSON Schema, draft 2020-12: of what it accepts (`input`) or of
 * what it makes of that (`output`). `{}`, anything, where its library does
 * not implement Standard JSON Schema or has no words for it.
 */
export function describeSchema(schema: StandardSchemaV1, side: 'input' | 'output'): JsonSchema {
  const { jsonSchema } = schema['~standard']
  if (!jsonSchema) return {}
  try {
    const { $schema: _, ...described } = jsonSchema[side]({ target: 'draft-2020-12', libraryOptions })
    return described
  } catch {
    // Describing is a courtesy: what cannot be described is still checked.
    return {}
  }
}
