import { z } from 'zod'
import { configSchema } from '../../src/config-schema.js'

interface JsonSchema {
  type?: string | string[]
  description?: string
  default?: unknown
  properties?: Record<string, JsonSchema>
  enum?: unknown[]
  additionalProperties?: JsonSchema
}

/** The tables of every key of the configuration, as src/docs/configuration.md ends with: made from the schema and from what it fills in. */
export function renderConfigTables(): string {
  const schema = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema
  const ofPlugins = schema.properties?.plugins?.additionalProperties
  if (!ofPlugins) throw new Error('The schema no longer says what each plugin may have.')
  const ofHost = rowsOf(schema, [], configSchema.parse({}))
  return ['## Of the host', '', ...HEAD, ...ofHost, '', '## Of each plugin', '', ...HEAD, ...rowsOf(ofPlugins, ['plugins', '<name>'], {}), ''].join('\n')
}

const HEAD = ['| key | default | what it is |', '|---|---|---|']

function rowsOf({ properties = {} }: JsonSchema, path: readonly string[], values: unknown): string[] {
  return Object.entries(properties).flatMap(([key, schema]) => {
    const value = (values as Record<string, unknown> | undefined)?.[key]
    const here = [...path, key]
    if (schema.properties) return rowsOf(schema, here, value)
    const choices = schema.enum ? `: ${schema.enum.map((choice) => `\`${String(choice)}\``).join(', ')}` : ''
    return [`| \`${here.join('.')}\` | ${value === undefined ? '' : `\`${JSON.stringify(value)}\``} | ${schema.description ?? ''}${choices} |`]
  })
}
