import { Pipe, Plugin, type EventDocument } from '@mortise/sdk'

/** Writes `createdAt`, in milliseconds since the epoch, into each document on its way into the store. */
@Plugin({ name: 'created-at', host: '^0.1.0' })
export default class CreatedAt {
  @Pipe('generic:document:beforeWrite')
  stamp(documents: EventDocument[]) {
    const createdAt = Date.now()
    return documents.map((document) => ({ ...document, _source: { ...document._source, createdAt } }))
  }
}
