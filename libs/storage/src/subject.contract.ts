import type { DocumentStore, Place } from './document-store.js'

/** What each suite works with: the store, and a collection of its own for each test. */
export interface Subject {
  store: DocumentStore
  another: () => DocumentStore
  place: Place
}
