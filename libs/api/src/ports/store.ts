import type { DocumentStore } from '@app/storage'

/** The document store as something to inject by: of an interface, nothing is left at run time. */
export const Store = class {} as unknown as abstract new () => DocumentStore
export type Store = DocumentStore
