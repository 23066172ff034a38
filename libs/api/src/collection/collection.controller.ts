import { Controller, createError, Delete, Get, Post, Put, type Request } from '@mortise/sdk'
import { EventBus } from '@app/registry'
import { METADATA_FIELD, type FieldMapping, type Mappings, type MappingsInput, type SearchResult, type Settings } from '@app/storage'
import { bodyOf, placeOf } from '../document/document-input.js'
import { Host } from '../ports/host.js'
import { Store } from '../ports/store.js'
import { readDefinition } from './read-definition.js'
import type { Specification } from './specification.js'
import { Specifications, type StoredSpecification } from './specifications.js'

type Acknowledged = { acknowledged: true }

/** Collections: their mappings, settings and specifications. */
@Controller('collection', { global: true })
export class CollectionController {
  constructor(
    private readonly store: Store,
    private readonly bus: EventBus,
    private readonly specifications: Specifications,
    private readonly host: Host,
  ) {}

  @Put('/:index/:collection')
  async create(request: Request): Promise<Acknowledged> {
    const place = placeOf(request)
    await this.store.createCollection(place, readDefinition(request.getBody({})))
    this.bus.notify('core:storage:collection:create:after', { index: place.index, collection: place.collection, scope: 'public' })
    return { acknowledged: true }
  }

  @Post('/:index/:collection')
  async update(request: Request): Promise<null> {
    await this.store.updateCollection(placeOf(request), readDefinition(request.getBody({})))
    return null
  }

  @Delete('/:index/:collection')
  async delete(request: Request): Promise<null> {
    const place = placeOf(request)
    await this.store.deleteCollection(place)
    await this.specifications.forget(place)
    this.bus.notify('core:storage:collection:delete:after', { index: place.index, collection: place.collection, scope: 'public' })
    return null
  }

  @Delete('/:index/:collection/_truncate')
  async truncate(request: Request): Promise<Acknowledged> {
    await this.store.truncate(placeOf(request))
    return { acknowledged: true }
  }

  /** What was written can be found at once, so there is nothing to refresh but a mistaken name. */
  @Post('/:index/:collection/_refresh')
  async refresh(request: Request): Promise<null> {
    await this.store.getSettings(placeOf(request))
    return null
  }

  @Get('/:index/:collection/_exists')
  exists(request: Request): Promise<boolean> {
    return this.store.collectionExists(placeOf(request))
  }

  @Get('/:index/_list')
  async list(request: Request): Promise<object> {
    const index = request.getIndex()
    const type = request.getString('type', 'all')
    if (!['all', 'stored', 'realtime'].includes(type)) {
      throw createError('api.assert.invalid_argument', 'type', '"all", "stored" or "realtime"')
    }
    const stored = await this.store.listCollections(index)
    const live = this.host.realtimeCollections(index).filter((name) => !stored.includes(name))
    const collections = [
      ...(type === 'realtime' ? [] : stored.map((name) => ({ name, type: 'stored' }))),
      ...(type === 'stored' ? [] : live.map((name) => ({ name, type: 'realtime' }))),
    ].sort((one, other) => (one.name < other.name ? -1 : 1))
    return { type, ...pageOf(request, collections) }
  }

  /** `includeKuzzleMeta` shows the fields of the metadata, too, which documents of every collection have. */
  @Get('/:index/:collection/_mapping')
  async getMapping(request: Request): Promise<Mappings> {
    const { properties: { [METADATA_FIELD]: _hidden, ...properties }, ...mappings } = await this.store.getMapping(placeOf(request))
    if (request.getBoolean('includeKuzzleMeta')) properties[METADATA_FIELD] = metadataMapping
    return { ...mappings, properties }
  }

  @Put('/:index/:collection/_mapping')
  updateMapping(request: Request): Promise<Mappings> {
    return this.store.updateMapping(placeOf(request), bodyOf(request) as MappingsInput)
  }

  @Get('/:index/:collection/_settings')
  getSettings(request: Request): Promise<Settings> {
    return this.store.getSettings(placeOf(request))
  }

  @Get('/:index/:collection/_specifications')
  getSpecifications(request: Request): Promise<StoredSpecification> {
    return this.specifications.get(placeOf(request))
  }

  @Put('/:index/:collection/_specifications')
  async updateSpecifications(request: Request): Promise<Specification> {
    const place = placeOf(request)
    const body = bodyOf(request)
    await this.store.getSettings(place)
    return this.specifications.put(place, body)
  }

  @Post('/:index/:collection/_validateSpecifications')
  validateSpecifications(request: Request): object {
    placeOf(request)
    const details = this.specifications.faultsOf(bodyOf(request))
    if (details.length === 0) return { valid: true }
    return { valid: false, details, description: 'The specification is not well-formed.' }
  }

  @Delete('/:index/:collection/_specifications')
  async deleteSpecifications(request: Request): Promise<Acknowledged> {
    await this.specifications.forget(placeOf(request))
    return { acknowledged: true }
  }

  @Post('/validations/_search')
  async searchSpecifications(request: Request): Promise<object> {
    const { from, size, scrollTTL: scroll, searchBody } = request.getSearchParams()
    return brief(await this.specifications.search(searchBody, { from, size, scroll }))
  }

  @Get('/validations/_scroll/:scrollId')
  async scrollSpecifications(request: Request): Promise<object> {
    return brief(await this.store.scroll(request.getString('scrollId'), { scroll: request.getScrollTTLParam() ?? '15s' }))
  }
}

/** A slice of a list, told only when one was asked for. A size of 0, which the JavaScript client sends unasked, means all. */
function pageOf<T>(request: Request, collections: readonly T[]): { collections: readonly T[]; from?: number; size?: number } {
  const from = countOf(request, 'from')
  const size = countOf(request, 'size')
  if (from === 0 && size === 0) return { collections }
  return { collections: collections.slice(from, size === 0 ? undefined : from + size), from, ...(size > 0 && { size }) }
}

function countOf(request: Request, name: string): number {
  const count = request.getInteger(name, 0)
  if (count < 0) throw createError('api.assert.invalid_argument', name, 'a whole number from 0 on')
  return count
}

const metadataMapping: FieldMapping = {
  properties: { author: { type: 'keyword' }, createdAt: { type: 'date' }, updatedAt: { type: 'date' }, updater: { type: 'keyword' } },
}

const brief = ({ hits, scrollId, total }: SearchResult): object => ({
  hits: hits.map(({ _id, _score, _source }) => ({ _id, _score, _source })), ...(scrollId !== undefined && { scrollId }), total,
})
