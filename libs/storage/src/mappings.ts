/** Settings of a collection, in Elasticsearch's words. The store keeps them and gives them back; it needs none of them. */
export type Settings = Record<string, unknown>

/**
 * What happens to fields that the mapping does not declare: with `strict` they are refused, with `true` they are added to it with the type
 * of their first value, and with `false` and `runtime` they are stored and can be searched as they are.
 */
export type Dynamic = 'true' | 'false' | 'strict' | 'runtime'

/** One declared field. A field with `properties` and no `type` is an object. Other parameters are kept as given. */
export interface FieldMapping {
  type?: string
  properties?: Record<string, FieldMapping>
  fields?: Record<string, FieldMapping>
  dynamic?: Dynamic
  [parameter: string]: unknown
}

/** What a collection declares about its documents. */
export interface Mappings {
  dynamic: Dynamic
  _meta: Record<string, unknown>
  properties: Record<string, FieldMapping>
}

/** Mappings as a caller hands them in: `dynamic` may also be a boolean, and everything may be left out. */
export interface MappingsInput {
  dynamic?: Dynamic | boolean
  _meta?: Record<string, unknown>
  properties?: Record<string, FieldMapping>
}

/** A declared field: its type, and where in the document its value stands. The two paths differ for a multi-field such as `city.keyword`. */
export interface DeclaredField {
  type: string
  path: string
}

/** Each declared field by its dotted name; objects are listed with their fields. */
export function declaredFields(mappings: Mappings): Map<string, DeclaredField> {
  const fields = new Map<string, DeclaredField>()
  const walk = (properties: Record<string, FieldMapping>, prefix: string): void => {
    for (const [name, field] of Object.entries(properties)) {
      const path = `${prefix}${name}`
      fields.set(path, { type: field.type ?? 'object', path })
      for (const [multi, { type = 'object' }] of Object.entries(field.fields ?? {})) fields.set(`${path}.${multi}`, { type, path })
      walk(field.properties ?? {}, `${path}.`)
    }
  }
  walk(mappings.properties, '')
  return fields
}
