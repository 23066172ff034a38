import type { WrittenDocument } from './documents.js'

/** What somebody is to be told of, for sure. It is stored in the transaction of the change it tells of. */
export interface NewDelivery {
  /** Tells one delivery from another for ever, so that whoever gets it twice can know. */
  key: string
  plugin: string
  /** Who is to be told: deliveries of one `entity` to one listener go out one after another. */
  listener: string
  event: string
  entity: string
  payload: string
}

/** A delivery as it is kept. Times in milliseconds since 1970. */
export interface StoredDelivery extends NewDelivery {
  /** Grows in the order in which the changes of one entity happened. */
  n: number
  createdAt: number
  /** How often it has failed. */
  attempts: number
  /** What was wrong the last time. */
  error: string | null
}

/** One change of a document, as the recorder of its place sees it. `document` of a deletion is what it was last. */
export interface DocumentChange {
  index: string
  collection: string
  kind: 'write' | 'update' | 'delete'
  document: Pick<WrittenDocument, '_id' | '_source' | '_version' | '_updatedFields'> & { created?: boolean }
}

/**
 * Says what is to be delivered of a change. Called inside the transaction, perhaps twice when that has to be tried again: it neither
 * waits nor throws, for whatever it throws fails the writes of others too.
 */
export type Recorder = (change: DocumentChange) => readonly NewDelivery[]

/** Which deliveries: those with one of the keys, or all of a plugin, or all. */
export interface DeliverySelection {
  keys?: readonly string[]
  plugin?: string
}

/** What waits and what was given up, by listener. */
export interface DeliveryCount {
  plugin: string
  listener: string
  waiting: number
  dead: number
}

/** For whom deliveries are claimed, by whom, and until when they are theirs. Times in milliseconds since 1970. */
export interface Claim {
  listeners: readonly string[]
  owner: string
  now: number
  until: number
  /** So many entities at most; of each, those that follow come along as far as there is room. */
  entities: number
}

/**
 * Deliveries that wait and those that were given up (`dead`). Several hosts may work on one outbox: what one has claimed is its own until
 * the lease ends, and of one entity and listener nothing is given out while an earlier delivery waits or is claimed by another.
 */
export interface Outbox {
  /** Takes the oldest that are due, each followed by what waits behind it, in the order of `n`. */
  claim(claim: Claim): Promise<StoredDelivery[]>
  /** Prolongs whatever the owner has claimed. */
  prolong(owner: string, until: number): Promise<void>
  /** Gives claimed deliveries back untried; to be claimed at `due` again, and at once when that is absent. */
  release(owner: string, numbers: readonly number[], due?: number): Promise<void>
  /** Removes what was delivered. */
  settle(owner: string, numbers: readonly number[]): Promise<void>
  /** Keeps what could not be delivered: to be tried again at `due`, or as a dead letter when that is absent. */
  fail(owner: string, delivery: { n: number; error: string; due?: number }): Promise<void>

  /** Dead letters, the oldest first. */
  listDead(selection?: DeliverySelection, page?: { from?: number; size?: number }): Promise<{ total: number; deliveries: StoredDelivery[] }>
  /** Makes dead letters wait again, as if they had never failed, due at `now`; returns how many. */
  retryDead(selection: DeliverySelection, now: number): Promise<number>
  /** Removes dead letters; returns how many. */
  dropDead(selection: DeliverySelection): Promise<number>
  /** Calls back each time something may have begun to wait in this store; the function that it returns stops that. */
  onStored(listener: () => void): () => void
  count(): Promise<DeliveryCount[]>
  /** Removes everything that is kept for a plugin; returns how many. */
  purge(plugin: string): Promise<number>
}
