import type { Readable } from 'node:stream'
import { Controller, createError, Get, Post, type Request } from '@mortise/sdk'
import type { SearchBody, SearchHit, SearchOptions, SearchResult, StoredDocument } from '@app/storage'
import { Limits } from '../ports/limits.js'
import { Store } from '../ports/store.js'
import { refuseIfStrict } from './batches.js'
import { idsOf, placeOf } from './document-input.js'
import { exportDocuments } from './export-documents.js'
import { placesOf } from './search-places.js'

/** Reads documents, by id and by query. */
@Controller('document', { global: true })
export class ReadsController {
  constructor(private readonly store: Store, private readonly limits: Limits) {}

  @Get('/:index/:collection/:_id')
  get(request: Request): Promise<StoredDocument> {
    return this.store.get(placeOf(request), request.getId())
  }

  @Get('/:index/:collection/:_id/_exists')
  exists(request: Request): Promise<boolean> {
    return this.store.exists(placeOf(request), request.getId())
  }

  @Get('/:index/:collection/_mGet')
  @Post('/:index/:collection/_mGet')
  async mGet(request: Request): Promise<{ successes: StoredDocument[]; errors: string[] }> {
    return refuseIfStrict(request, await this.store.mGet(placeOf(request), this.#readIds(request)))
  }

  @Post('/:index/:collection/_mExists')
  async mExists(request: Request): Promise<{ successes: string[]; errors: string[] }> {
    return refuseIfStrict(request, await this.store.mExists(placeOf(request), this.#readIds(request)))
  }

  @Post('/:index/:collection/_count')
  async count(request: Request): Promise<{ count: number }> {
    const body: SearchBody = request.getBody({})
    return { count: await this.store.count(placeOf(request), body, { lang: request.getLangParam() }) }
  }

  /** @throws `services.storage.get_limit_exceeded` (413) */
  @Get('/:index/:collection/_search')
  @Post('/:index/:collection/_search')
  async search(request: Request): Promise<object> {
    const body: SearchBody = request.getSearchBody()
    const options = readOptions(request)
    if ((options.size ?? body.size ?? 0) > this.limits.documentsFetchCount) throw createError('services.storage.get_limit_exceeded')
    return toAnswer(await this.store.search(await placesOf(request, this.store), body, options))
  }

  @Get('/_scroll/:scrollId')
  async scroll(request: Request): Promise<object> {
    return toAnswer(await this.store.scroll(request.getString('scrollId'), { scroll: request.getScrollTTLParam() }))
  }

  @Get('/:index/:collection/_export')
  @Post('/:index/:collection/_export')
  export(request: Request): Promise<Readable> {
    return exportDocuments(request, this.store)
  }

  #readIds(request: Request): string[] {
    const ids = idsOf(request)
    if (ids.length > this.limits.documentsFetchCount) throw createError('services.storage.get_limit_exceeded')
    return ids
  }
}

/** Arguments that are left out leave the word to the body. */
function readOptions(request: Request): SearchOptions {
  const { from, size } = request.input.args
  return {
    lang: request.getLangParam(),
    scroll: request.getScrollTTLParam(),
    ...(isGiven(from) && { from: request.getInteger('from') }),
    ...(isGiven(size) && { size: request.getInteger('size') }),
  }
}

const isGiven = (argument: unknown): boolean => argument !== undefined && argument !== null

/** A hit's version and its place in the order are the store's own, and not in the protocol. */
const toHit = ({ _version, sort, ...hit }: SearchHit): object => hit

const toAnswer = ({ hits, ...result }: SearchResult): object => ({ ...result, hits: hits.map(toHit) })
