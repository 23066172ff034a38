/** What documents of a collection must look like. */
export interface Specification {
  /** Whether fields that are not declared are refused. */
  strict?: boolean
  /** Fields by path; `address/city` is the field `city` within `address`. */
  fields?: Record<string, FieldSpecification>
  /** Filters in the realtime filter language that every document must match; a list is matched as a whole. */
  validators?: Record<string, unknown> | Record<string, unknown>[]
}

/** What one field must look like. */
export interface FieldSpecification {
  type: string
  mandatory?: boolean
  /** Stored when a document lacks the field. */
  defaultValue?: unknown
  description?: string
  /** What the type allows to be set, such as `range` of a number. */
  typeOptions?: Record<string, unknown>
  /** With `value: true` the field holds a list, of `minCount` to `maxCount` values. */
  multivalued?: { value: boolean; minCount?: number; maxCount?: number }
}

/** The keys that each part of a specification may have. */
export const KEYS = {
  specification: ['strict', 'fields', 'validators'],
  field: ['type', 'mandatory', 'defaultValue', 'description', 'typeOptions', 'multivalued'],
  multivalued: ['value', 'minCount', 'maxCount'],
} as const
