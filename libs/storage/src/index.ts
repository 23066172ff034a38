export type { CollectionDefinition, DocumentStore, Place, Scope, StoreHealth, StoreStats } from './document-store.js'
export type {
  Claim, DeliveryCount, DeliverySelection, DocumentChange, NewDelivery, Outbox, Recorder, StoredDelivery,
} from './deliveries.js'
export { METADATA_FIELD } from './documents.js'
export type { DocumentInput, FailedDocument, FailedId, ManyResult, StoredDocument, UpsertInput, WrittenDocument } from './documents.js'
export * from './filter/index.js'
export type { Dynamic, FieldMapping, Mappings, MappingsInput, Settings } from './mappings.js'
export type { Locks } from './locks.js'
export type { Messages } from './messages.js'
export { privateIndexOf, PrivateStore } from './private-store.js'
export { openDocumentStore } from './open-document-store.js'
export type { StoreLocation } from './open-document-store.js'
export type {
  BulkItem, BulkResult, ByQueryOptions, DeletedByQuery, QueryLanguage, SearchBody, SearchHit, SearchOptions, SearchResult, UpdatedByQuery,
} from './searches.js'
export type { RunClaim, RunStatus, ScheduleJob, ScheduleRun, Schedules } from './schedules.js'
export { UnreadDocument } from './unread-document.js'
export { createDocumentId } from './store/document-id.js'
export { merge as mergeDocuments } from './store/merge.js'
export { isValidName } from './store/names.js'
export { createPauses, inSlices } from './store/slices.js'
