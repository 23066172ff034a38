/** What a durable hook gets last: which delivery this is. */
export interface Delivery {
  /** Stays the same when a delivery is repeated: whoever keeps the keys it has dealt with does nothing twice. */
  readonly key: string
  /** 1 the first time. */
  readonly attempt: number
  /** When the change was stored, in milliseconds since 1970. */
  readonly createdAt: number
}

const names = <const N extends string>(...events: N[]): readonly N[] => events

/**
 * The events that hooks may listen to durably: those of documents that were
 * written through the `document` controller and, the generic ones, through
 * `bulk` too. Each delivery tells of one document, as it was stored; pipes
 * after the action have not seen it yet.
 */
export const durableEvents = names(
  'document:afterCreate', 'document:afterCreateOrReplace', 'document:afterReplace', 'document:afterUpdate', 'document:afterUpsert',
  'document:afterDeleteFields', 'document:afterDelete', 'document:afterMCreate', 'document:afterMCreateOrReplace', 'document:afterMReplace',
  'document:afterMUpdate', 'document:afterMUpsert', 'document:afterMDelete', 'document:afterUpdateByQuery', 'document:afterDeleteByQuery',
  'generic:document:afterWrite', 'generic:document:afterUpdate', 'generic:document:afterDelete',
)

export type DurableEvent = (typeof durableEvents)[number]
