import type { DocumentStore } from '@app/storage'
import { places } from '../entities/places.js'
import type { Session } from './session.js'
import type { Sessions } from './sessions.js'

/** Sessions whose records are read at once. */
const SLICE = 500

interface TokenRecord {
  readonly expiresAt?: unknown
  readonly refreshed?: unknown
}

/**
 * Brings verified tokens in line with their records: those that were revoked elsewhere end, and the others read their users anew. For when
 * messages of other nodes may have been missed.
 */
export async function recheckSessions(store: DocumentStore, sessions: Sessions): Promise<void> {
  const all = [...sessions.all]
  for (const session of all) session.outdate()
  for (let at = 0; at < all.length; at += SLICE) {
    const slice = all.slice(at, at + SLICE)
    const records = await recordsOf(store, slice)
    for (const session of slice) compare(session, records.get(session.id), sessions)
  }
}

function compare(session: Session, record: TokenRecord | undefined, sessions: Sessions): void {
  if (!record) return sessions.revoke(session.token.userId, session.id)
  if (record.refreshed !== true || session.token.refreshed) return
  session.token.refreshed = true
  sessions.shorten(session, Math.min(session.endsAt, record.expiresAt as number))
}

async function recordsOf(store: DocumentStore, sessions: readonly Session[]): Promise<Map<string, TokenRecord>> {
  const idsOf = (type: Session['token']['type']): string[] => sessions.filter(({ token }) => token.type === type).map(({ id }) => id)
  const records = new Map<string, TokenRecord>()
  for (const { _id, _source } of (await store.mGet(places.tokens, idsOf('authToken'))).successes) records.set(_id, _source)
  const keys = idsOf('apiKey')
  if (keys.length === 0) return records
  for await (const { _source } of store.export(places.apiKeys, { query: { terms: { fingerprint: keys } } })) records.set(_source.fingerprint as string, _source)
  return records
}
