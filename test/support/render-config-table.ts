import { z } from 'zod'
import { configSchema } from '../../src/config-schema.js'

interface JsonSchema {
  type?: string | string[]
  description?: string
  default?: unknown
  properties?: Record<string, JsonSchema>
  enum?: unknown[]
}

/** The table of every key of the configuration, as src/README.md shows it: made from the schema and from what it fills in. */
export function renderConfigTable(): string {
  const schema = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema
  const rows = rowsOf(schema, [], configSchema.parse({}))
  return ['| key | default | what it is |', '|---|---|---|', ...rows].join('\n')
}

function rowsOf({ properties = {} }: JsonSchema, path: readonly string[], values: unknown): string[] {
  return Object.entries(properties).flatMap(([key, schema]) => {
    const value = (values as Record<string, unknown> | undefined)?.[key]
    const here = [...path, key]
    if (schema.properties) return rowsOf(schema, here, value)
    const choices = schema.enum ? `: ${schema.enum.map((choice) => `\`${String(choice)}\``).join(', ')}` : ''
    return [`| \`${here.join('.')}\` | ${value === undefined ? '' : `\`${JSON.stringify(value)}\``} | ${schema.description ?? ''}${choices} |`]
  })
}
