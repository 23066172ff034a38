import type { JsonSchema } from '@mortise/sdk'

const ROOT = '#/components/schemas/'

/**
 * The schemas that several places of a document refer to. What a schema
 * defines for itself (`$defs`) moves here, since references within a document
 * start at its root.
 */
export class Components {
  readonly #schemas: Record<string, JsonSchema>

  constructor(schemas: Readonly<Record<string, JsonSchema>>) {
    this.#schemas = { ...schemas }
  }

  get schemas(): Readonly<Record<string, JsonSchema>> {
    return this.#schemas
  }

  /** The schema as it may stand in the document. @param owner - names what it leaves here, such as `checkout.payment.pay.input` */
  embed(schema: JsonSchema, owner: string): JsonSchema {
    const { $defs = {}, ...own } = schema as { $defs?: Record<string, JsonSchema> }
    const move = (part: unknown): JsonSchema => redirect(part, owner) as JsonSchema
    for (const [name, definition] of Object.entries($defs)) this.#schemas[`${owner}.${wordOf(name)}`] = move(definition)
    const embedded = move(own)
    if (JSON.stringify(embedded).includes(`"${ROOT}${owner}"`)) this.#schemas[owner] = embedded
    return embedded
  }
}

/** The only characters that names of components may have. */
export const wordOf = (name: string): string => name.replace(/[^\w.-]/g, '.')

function redirect(part: unknown, owner: string): unknown {
  if (Array.isArray(part)) return part.map((entry) => redirect(entry, owner))
  if (typeof part !== 'object' || part === null) return part
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, key === '$ref' ? target(value, owner) : redirect(value, owner)]))
}

function target(reference: unknown, owner: string): unknown {
  if (reference === '#') return `${ROOT}${owner}`
  const [, name] = /^#\/\$defs\/(.+)$/.exec(String(reference)) ?? []
  return name === undefined ? reference : `${ROOT}${owner}.${wordOf(name)}`
}
