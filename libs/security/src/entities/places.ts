import { ApiError } from '@mortise/sdk'
import type { CollectionDefinition, DocumentStore, Place, StoredDocument } from '@app/storage'

const place = (collection: string): Place => ({ scope: 'internal', index: 'security', collection })

/** Where everything about people and rights is kept. */
export const places = {
  users: place('users'),
  profiles: place('profiles'),
  roles: place('roles'),
  tokens: place('tokens'),
  apiKeys: place('api-keys'),
  settings: place('settings'),
} as const

const keyword = { type: 'keyword' }

const definitions: Record<keyof typeof places, CollectionDefinition> = {
  users: { mappings: { properties: { profileIds: keyword } } },
  profiles: { mappings: { properties: { tags: keyword, rateLimit: { type: 'integer' }, policies: { properties: { roleId: keyword } } } } },
  roles: { mappings: { properties: { tags: keyword } } },
  tokens: { mappings: { properties: { userId: keyword, expiresAt: { type: 'double' } } } },
  apiKeys: {
    mappings: {
      properties: {
        userId: keyword, description: { type: 'text' }, fingerprint: keyword, expiresAt: { type: 'double' }, ttl: { type: 'double' },
      },
    },
  },
  settings: {},
}

/** Makes the collections that are missing. */
export async function preparePlaces(store: DocumentStore): Promise<void> {
  for (const name of Object.keys(places) as (keyof typeof places)[]) {
    if (!await store.indexExists('security', 'internal') || !await store.collectionExists(places[name])) {
      await store.createCollection(places[name], definitions[name])
    }
  }
}

/** The document, or `undefined` when there is none of that id. */
export async function find(store: DocumentStore, from: Place, id: string): Promise<StoredDocument | undefined> {
  return (await store.mGet(from, [id])).successes[0]
}

/** The first of these ids that neither is at hand nor lies in the store, where another node may have put it just now. */
export async function findMissing(store: DocumentStore, from: Place, ids: readonly string[], isAtHand: (id: string) => boolean): Promise<string | undefined> {
  const unseen = ids.filter((id) => !isAtHand(id))
  if (unseen.length === 0) return undefined
  const found = new Set((await store.mGet(from, unseen)).successes.map(({ _id }) => _id))
  return unseen.find((id) => !found.has(id))
}

/** Whether an error of the catalogue has that id. */
export const hasId = (error: unknown, id: string): boolean => ApiError.is(error) && error.id === id
