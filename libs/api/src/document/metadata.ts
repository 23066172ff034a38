import { Injectable, type Request } from '@mortise/sdk'
import { EventBus } from '@app/registry'
import { METADATA_FIELD } from '@app/storage'

/** Who wrote a document and when, in milliseconds since the epoch. The author of an inner call is `null`. */
export type DocumentInfo = Record<string, unknown>

/** Metadata of an upsert, which differs with whether the document was there. */
export interface UpsertInfo {
  readonly whenCreated: Record<string, unknown>
  readonly whenUpdated: Record<string, unknown>
}

const INJECT = 'generic:document:injectMetadata'

/**
 * Makes `_kuzzle_info` for documents on their way to the store. Pipes on
 * `generic:document:injectMetadata` may change it, once for each request.
 * What a client sends under that name is replaced: nobody signs as another.
 *
 * Source: the protocol's recorded answers, of which each action has its own set of fields.
 */
@Injectable()
export class Metadata {
  constructor(private readonly bus: EventBus) {}

  /** For `create` and the `m*` actions that store whole documents. */
  ofNew(request: Request): DocumentInfo | Promise<DocumentInfo> {
    const info = newInfo(request)
    return this.bus.isSilent(INJECT) ? info : this.#ask(request, info).then(({ metadata }) => metadata)
  }

  /** For `createOrReplace` and `replace`, which cannot tell who wrote it first. */
  async ofReplaced(request: Request): Promise<DocumentInfo> {
    return (await this.#ask(request, { author: request.getKuid(), createdAt: Date.now(), ...updateInfo(request) })).metadata
  }

  /** For changes to what is there: merged into the metadata it has. */
  async ofUpdate(request: Request): Promise<DocumentInfo> {
    return (await this.#ask(request, updateInfo(request))).metadata
  }

  async ofUpsert(request: Request): Promise<UpsertInfo> {
    const asked = await this.#ask(request, updateInfo(request), newInfo(request))
    return { whenCreated: { [METADATA_FIELD]: asked.defaultMetadata }, whenUpdated: { [METADATA_FIELD]: asked.metadata } }
  }

  async #ask(request: Request, metadata: DocumentInfo, defaultMetadata?: DocumentInfo): Promise<{ metadata: DocumentInfo; defaultMetadata?: DocumentInfo }> {
    const event = { metadata, ...(defaultMetadata && { defaultMetadata }), request }
    return this.bus.isSilent(INJECT) ? event : await this.bus.emit(INJECT, event) as typeof event
  }
}

const newInfo = (request: Request): DocumentInfo => ({ author: request.getKuid(), createdAt: Date.now(), updatedAt: null, updater: null })
const updateInfo = (request: Request): DocumentInfo => ({ updatedAt: Date.now(), updater: request.getKuid() })

/** A document's content with its metadata, and without what was sent in its place. Copied by `assign`: a spread of parsed JSON takes many times as long. */
export function withInfo(body: Record<string, unknown>, info: DocumentInfo): Record<string, unknown> {
  const document: Record<string, unknown> = Object.assign({}, body)
  document[METADATA_FIELD] = info
  return document
}
