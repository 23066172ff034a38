import { Controller, createError, Delete, Patch, Post, Put, type Request } from '@mortise/sdk'
import type { DocumentInput, Place, Properties, UpsertInput } from '@app/storage'
import { Limits } from '../ports/limits.js'
import { Store } from '../ports/store.js'
import { Announcer } from './announcer.js'
import { refuseIfStrict, runBatch, type BatchAnswer, type BatchWay, type Entry } from './batches.js'
import { checkFlags, idsOf, placeOf } from './document-input.js'
import { Drafts } from './drafts.js'
import { withInfo } from './metadata.js'

/** Writes many documents that a request names. Their metadata is made once for all of them. */
@Controller('document', { global: true })
export class ManyWritesController {
  constructor(
    private readonly store: Store,
    private readonly drafts: Drafts,
    private readonly announcer: Announcer,
    private readonly limits: Limits,
  ) {}

  @Post('/:index/:collection/_mCreate')
  async mCreate(request: Request): Promise<BatchAnswer> {
    return this.#run(request, {
      ...await this.#wholeDocuments(request),
      write: (place, inputs) => this.store.mCreate(place, inputs),
      tell: (written) => this.announcer.tell(request, 'create', written),
    })
  }

  @Put('/:index/:collection/_mCreateOrReplace')
  async mCreateOrReplace(request: Request): Promise<BatchAnswer> {
    return this.#run(request, {
      ...await this.#wholeDocuments(request),
      write: (place, inputs) => this.store.mCreateOrReplace(place, inputs),
      tell: (written) => this.announcer.tell(request, 'replace', written, 'create'),
    })
  }

  @Put('/:index/:collection/_mReplace')
  async mReplace(request: Request): Promise<BatchAnswer> {
    return this.#run(request, {
      ...await this.#wholeDocuments(request),
      needsId: true,
      write: (place, inputs) => this.store.mReplace(place, inputs),
      tell: (written) => this.announcer.tell(request, 'replace', written),
    })
  }

  @Put('/:index/:collection/_mUpdate')
  @Patch('/:index/:collection/_mUpdate')
  async mUpdate(request: Request): Promise<BatchAnswer> {
    const info = await this.drafts.metadata.ofUpdate(request)
    return this.#run<DocumentInput>(request, {
      key: 'body',
      needsId: true,
      isUpdate: true,
      check: (place, entry) => this.#checkBody(place, entry, true),
      toInput: ({ _id, body }) => ({ _id, body: withInfo(body as Properties, info) }),
      write: async (place, inputs) => this.store.mUpdate(await this.drafts.specifications.judged(place), inputs),
      tell: (written) => this.announcer.tell(request, 'update', written),
    })
  }

  @Post('/:index/:collection/_mUpsert')
  async mUpsert(request: Request): Promise<BatchAnswer> {
    const info = await this.drafts.metadata.ofUpsert(request)
    return this.#run<UpsertInput>(request, {
      key: 'changes',
      needsId: true,
      check: (place, entry) => this.drafts.specifications.checkUpsert(place, entry as Entry & UpsertInput),
      toInput: ({ _id, changes, default: whole }) => ({ _id, changes, default: whole, ...info }) as UpsertInput,
      write: async (place, inputs) => this.store.mUpsert(await this.drafts.specifications.judged(place), inputs),
      tell: (written) => this.announcer.tell(request, 'update', written, 'create'),
    })
  }

  @Delete('/:index/:collection/_mDelete')
  async mDelete(request: Request): Promise<{ successes: string[]; errors: object[] }> {
    checkFlags(request, 'silent', 'strict')
    const ids = idsOf(request)
    if (ids.length > this.limits.documentsWriteCount) throw createError('services.storage.write_limit_exceeded')
    const { successes, errors } = await this.store.mDelete(placeOf(request), ids)
    this.announcer.tell(request, 'delete', successes)
    return refuseIfStrict(request, { successes: successes.map(({ _id }) => _id), errors })
  }

  #run<Input>(request: Request, way: BatchWay<Input>): Promise<BatchAnswer> {
    checkFlags(request, 'silent')
    return runBatch(request, this.limits.documentsWriteCount, way)
  }

  async #wholeDocuments(request: Request): Promise<Pick<BatchWay<DocumentInput>, 'key' | 'needsId' | 'check' | 'toInput'>> {
    const info = await this.drafts.metadata.ofNew(request)
    return {
      key: 'body',
      needsId: false,
      check: (place, entry) => this.#checkBody(place, entry, false),
      toInput: ({ _id, body }) => ({ _id: _id ?? undefined, body: withInfo(body as Properties, info) }),
    }
  }

  async #checkBody(place: Place, entry: Entry, partial: boolean): Promise<Entry> {
    const body = await this.drafts.specifications.check(place, entry.body as Properties, { partial, id: entry._id })
    return body === entry.body ? entry : { ...entry, body }
  }
}
