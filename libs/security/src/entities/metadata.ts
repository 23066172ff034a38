/** Metadata of a person or a right that is made now. The protocol tells who changed one, not who made it. */
export const created = (): Record<string, unknown> =>
  ({ _kuzzle_info: { author: null, createdAt: Date.now(), updatedAt: null, updater: null } })

/** Metadata to merge into one that changes now. */
export const updated = (by: string | null): Record<string, unknown> => ({ _kuzzle_info: { updatedAt: Date.now(), updater: by } })
