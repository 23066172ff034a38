import { createError } from '@mortise/sdk'
import { declaredFields, type Mappings } from '../mappings.js'
import type { Collection } from './catalogue.js'
import { inferFields } from './infer-fields.js'
import { emptyMappings, mergeMappings } from './mapping-check.js'

/** As Elasticsearch has it (`index.mapping.total_fields.limit`). */
const MOST_FIELDS = 1000

/**
 * A collection whose mapping learns from the documents that are planned for it: each is held against what those before it have added, as
 * if the additions were stored already.
 */
export class MappingDraft {
  readonly collection: Collection
  /** What was learned. */
  additions: Mappings | undefined

  constructor(collection: Collection) {
    this.collection = { ...collection, learn: (document) => this.learn(document) }
  }

  /** @throws `services.storage.unexpected_bad_request` (400) when a document would add too many fields, or too deep ones */
  private learn(document: Record<string, unknown>): void {
    const properties = inferFields(document, this.collection.mappings)
    if (!properties) return
    const mappings = mergeMappings(this.collection.mappings, { properties })
    const count = declaredFields(mappings).size
    if (count > MOST_FIELDS) throw createError('services.storage.unexpected_bad_request', `The mapping would have ${count} fields, and may have ${MOST_FIELDS}. Declare "dynamic": "false" where names of fields are data.`)
    this.additions = mergeMappings(this.additions ?? emptyMappings(), { properties })
    this.collection.mappings = mappings
  }
}
