import type { RequestData } from '../request/index.js'

/** A document as actions answer it. */
export interface Document<T = Record<string, unknown>> {
  _id: string
  _source: T
  _version: number
}

/** One page of a search. */
export interface SearchPage<T = Record<string, unknown>> {
  hits: (Omit<Document<T>, '_version'> & { _score: number | null; index: string; collection: string })[]
  total: number
  scrollId?: string
  remaining?: number
  aggregations?: Record<string, unknown>
}

type Call = <T>(data: RequestData) => Promise<T>

/** The actions of the `document` controller that plugins use most, as methods. */
export class DocumentApi {
  constructor(private readonly call: Call) {}

  get<T = Record<string, unknown>>(index: string, collection: string, _id: string): Promise<Document<T>> {
    return this.call({ controller: 'document', action: 'get', index, collection, _id })
  }

  exists(index: string, collection: string, _id: string): Promise<boolean> {
    return this.call({ controller: 'document', action: 'exists', index, collection, _id })
  }

  create<T extends object>(index: string, collection: string, body: T, _id?: string): Promise<Document<T>> {
    return this.call({ controller: 'document', action: 'create', index, collection, body, _id })
  }

  createOrReplace<T extends object>(index: string, collection: string, _id: string, body: T): Promise<Document<T>> {
    return this.call({ controller: 'document', action: 'createOrReplace', index, collection, _id, body })
  }

  replace<T extends object>(index: string, collection: string, _id: string, body: T): Promise<Document<T>> {
    return this.call({ controller: 'document', action: 'replace', index, collection, _id, body })
  }

  update<T extends object>(index: string, collection: string, _id: string, changes: T): Promise<Document<T>> {
    return this.call({ controller: 'document', action: 'update', index, collection, _id, body: changes })
  }

  delete(index: string, collection: string, _id: string): Promise<{ _id: string }> {
    return this.call({ controller: 'document', action: 'delete', index, collection, _id })
  }

  search<T = Record<string, unknown>>(index: string, collection: string, body: object, page: { from?: number; size?: number; lang?: string } = {}): Promise<SearchPage<T>> {
    return this.call({ controller: 'document', action: 'search', index, collection, body, ...page })
  }
}
