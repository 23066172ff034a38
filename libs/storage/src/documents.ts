/** A document as it is stored. `_version` starts at 1 and grows by one with each write. */
export interface StoredDocument {
  _id: string
  _source: Record<string, unknown>
  _version: number
}

/** A document as a caller hands it in. */
export interface DocumentInput {
  _id?: string
  body: Record<string, unknown>
}

/**
 * A document to update or, when it is missing, to create.
 *
 * Created, it is `default` with `changes` merged in, then `whenCreated`; updated, it is the document with `changes` merged in, then
 * `whenUpdated`. The last two carry metadata, which differs between the two cases.
 */
export interface UpsertInput {
  _id: string
  changes: Record<string, unknown>
  default?: Record<string, unknown>
  whenCreated?: Record<string, unknown>
  whenUpdated?: Record<string, unknown>
}

/** What a write answers. `status` is 201 when the document is new, else 200; `_updatedFields` comes with updates only. */
export interface WrittenDocument extends StoredDocument {
  created: boolean
  result: 'created' | 'updated'
  status: 200 | 201
  _updatedFields?: string[]
}

/** A document that was not written, as it was handed in, and why. */
export interface FailedDocument {
  document: DocumentInput | UpsertInput
  reason: string
  status: number
}

/** An id whose document was not deleted, and why. */
export interface FailedId {
  _id: string
  reason: string
  status: number
}

/** The outcome of many writes: each of them is in exactly one of the two lists, in the order they were asked for. */
export interface ManyResult<Success, Failure> {
  successes: Success[]
  errors: Failure[]
}

/** The field under which the house keeps who wrote a document and when. Every mapping has it, unseen. */
export const METADATA_FIELD = '_kuzzle_info'
