import { Controller, Delete, Patch, Post, type EventDocument, type Request } from '@mortise/sdk'
import type { BulkResult, DocumentInput, Properties } from '@app/storage'
import { Announcer } from '../document/announcer.js'
import { refuseIfStrict, runBatch, type BatchAnswer } from '../document/batches.js'
import { bodyOf, checkFlags, placeOf } from '../document/document-input.js'
import type { Shown } from '../document/single-writes.controller.js'
import { Limits } from '../ports/limits.js'
import { Store } from '../ports/store.js'
import { GenericEvents, type Alias } from './generic-events.js'
import { importedDocuments, readLines, replaceDocuments, writeLines, type ImportLine } from './import-lines.js'

/**
 * Writes as data is moved, not as people write: without metadata, without the
 * collection's specification, and without notifications unless `notify` asks
 * for them. The generic document events happen all the same.
 */
@Controller('bulk', { global: true })
export class BulkController {
  constructor(
    private readonly store: Store,
    private readonly events: GenericEvents,
    private readonly announcer: Announcer,
    private readonly limits: Limits,
  ) {}

  @Post('/:index/:collection/_bulk')
  async import(request: Request): Promise<BulkResult> {
    const place = placeOf(request)
    checkFlags(request, 'strict')
    const sent = request.getBodyArray<Properties>('bulkData')
    const lines = this.#isHeard(request) ? readLines(sent) : undefined
    if (!lines) return refuseIfStrict(request, await this.store.import(place, sent))
    const left = await this.#tellBefore(request, lines)
    const result = await this.store.import(place, writeLines(left))
    for (const alias of KINDS) await this.events.tell(request, 'after', alias, importedDocuments(left, alias, result.successes))
    return refuseIfStrict(request, result)
  }

  @Post('/:index/:collection/_write')
  async write(request: Request): Promise<Shown> {
    checkFlags(request, 'notify')
    const sent = { _id: request.getId({ ifMissing: 'ignore' }) ?? undefined, _source: bodyOf(request) }
    const [document = sent] = await this.events.tell(request, 'before', 'Write', [sent])
    const written = await this.store.createOrReplace(placeOf(request), { _id: document._id, body: document._source as Properties })
    if (request.getBoolean('notify')) this.announcer.tell(request, 'replace', [written], 'create')
    const { _id, _source, _version } = written
    const [answer = written] = await this.events.tell(request, 'after', 'Write', [{ _id, _source, _version } as EventDocument])
    return answer as Shown
  }

  @Post('/:index/:collection/_mWrite')
  async mWrite(request: Request): Promise<BatchAnswer> {
    checkFlags(request, 'notify')
    if (this.events.isHeard(request, 'before', 'Write')) await this.#showEntries(request)
    const answer = await runBatch<DocumentInput>(request, this.limits.documentsWriteCount, {
      key: 'body',
      needsId: false,
      toInput: ({ _id, body }) => ({ _id: _id ?? undefined, body: body as Properties }),
      write: (place, inputs) => this.store.mCreateOrReplace(place, inputs),
      tell: (written) => request.getBoolean('notify') && this.announcer.tell(request, 'replace', written, 'create'),
    })
    return { ...answer, successes: await this.events.tell(request, 'after', 'Write', answer.successes) as BatchAnswer['successes'] }
  }

  @Patch('/:index/:collection/_bulk/_query')
  async updateByQuery(request: Request): Promise<{ updated: number }> {
    const body = { query: request.getBodyObject('query'), changes: request.getBodyObject('changes') }
    const brief = !this.events.isHeard(request, 'after', 'Update')
    const { updated, successes } = await this.store.updateByQuery(placeOf(request), body, { lang: request.getLangParam(), brief })
    await this.events.tell(request, 'after', 'Update', successes)
    return { updated }
  }

  @Delete('/:index/:collection/_bulk/_query')
  async deleteByQuery(request: Request): Promise<{ deleted: number }> {
    const brief = !this.events.isHeard(request, 'after', 'Delete')
    const body = { query: request.getBodyObject('query') }
    const { deleted, documents } = await this.store.deleteByQuery(placeOf(request), body, { lang: request.getLangParam(), brief })
    await this.events.tell(request, 'after', 'Delete', documents)
    return { deleted }
  }

  #isHeard(request: Request): boolean {
    return KINDS.some((alias) => this.events.isHeard(request, 'before', alias) || this.events.isHeard(request, 'after', alias))
  }

  async #tellBefore(request: Request, lines: ImportLine[]): Promise<ImportLine[]> {
    let left = lines
    for (const alias of KINDS) {
      const shown = left.filter((line) => line.alias === alias).map(({ document }) => document)
      left = replaceDocuments(left, alias, await this.events.tell(request, 'before', alias, shown))
    }
    return left
  }

  /** Shows the documents of the body, and puts back what the pipes leave. */
  async #showEntries(request: Request): Promise<void> {
    const entries = request.getBodyArray<{ _id?: string; body?: Properties }>('documents')
    const shown = entries.map((entry): EventDocument => ({ ...(entry?._id !== undefined && { _id: entry._id }), _source: entry?.body }))
    const left = await this.events.tell(request, 'before', 'Write', shown)
    request.input.body.documents = left.map(({ _id, _source }) => ({ ...(_id !== undefined && { _id }), body: _source }))
  }
}

const KINDS: readonly Alias[] = ['Write', 'Update', 'Delete']
