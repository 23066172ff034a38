import { Controller, Delete, Patch, Post, Put, type Request } from '@mortise/sdk'
import { METADATA_FIELD, UnreadDocument } from '@app/storage'
import type { Properties, WrittenDocument } from '@app/storage'
import { Store } from '../ports/store.js'
import { Announcer } from './announcer.js'
import { bodyOf, checkFlags, placeOf, textsOf } from './document-input.js'
import { Drafts } from './drafts.js'
import { toErrorMessages } from './error-messages.js'
import { withInfo, type DocumentInfo } from './metadata.js'

/** A document as the actions on one document answer it. */
export type Shown = Pick<WrittenDocument, '_id' | '_version'> & { _source?: Properties; created?: boolean }

/**
 * Writes one document. `refresh` and `retryOnConflict` are accepted and need
 * nothing: a read sees every write that was answered, and updates of one
 * document wait for each other.
 */
@Controller('document', { global: true })
export class SingleWritesController {
  constructor(private readonly store: Store, private readonly drafts: Drafts, private readonly announcer: Announcer) {}

  @Post('/:index/:collection/_create')
  @Post('/:index/:collection/:_id/_create')
  async create(request: Request): Promise<Shown> {
    const place = placeOf(request)
    checkFlags(request, 'silent')
    const draft = this.drafts.ofNew(request, place, bodyOf(request))
    const body = draft instanceof Promise ? await draft : draft
    const written = await this.store.create(place, { _id: request.getId({ ifMissing: 'ignore' }) ?? undefined, body })
    this.announcer.tell(request, 'create', [written])
    return show(written)
  }

  @Put('/:index/:collection/:_id')
  async createOrReplace(request: Request): Promise<Shown> {
    const place = placeOf(request)
    checkFlags(request, 'silent')
    const _id = request.getId()
    const body = await this.drafts.ofReplacement(request, place, bodyOf(request))
    const written = await this.store.createOrReplace(place, { _id, body })
    this.announcer.tell(request, 'replace', [written], 'create')
    return { ...show(written), created: written.created }
  }

  @Put('/:index/:collection/:_id/_replace')
  async replace(request: Request): Promise<Shown> {
    const place = placeOf(request)
    checkFlags(request, 'silent')
    const _id = request.getId()
    const body = await this.drafts.ofReplacement(request, place, bodyOf(request))
    const written = await this.store.replace(place, { _id, body })
    this.announcer.tell(request, 'replace', [written])
    return show(written)
  }

  /** Answers with the changes alone, unless the whole `source` is asked for. */
  @Put('/:index/:collection/:_id/_update')
  @Patch('/:index/:collection/:_id/_update')
  async update(request: Request): Promise<Shown> {
    const place = placeOf(request)
    checkFlags(request, 'silent', 'source')
    const _id = request.getId()
    const { changes, body } = await this.drafts.ofUpdate(request, place, bodyOf(request))
    const written = await this.store.update(await this.drafts.specifications.judged(place), { _id, body })
    this.announcer.tell(request, 'update', [written])
    if (request.getBoolean('source')) return show(written)
    return show({ ...written, _source: withInfo(changes, written._source[METADATA_FIELD] as DocumentInfo) })
  }

  @Post('/:index/:collection/:_id/_upsert')
  @Put('/:index/:collection/:_id/_upsert')
  async upsert(request: Request): Promise<Shown> {
    const place = placeOf(request)
    checkFlags(request, 'silent', 'source')
    const sent = { _id: request.getId(), changes: request.getBodyObject('changes'), default: request.getBodyObject('default', {}) }
    const written = await this.store.upsert(await this.drafts.specifications.judged(place), await this.drafts.ofUpsert(request, place, sent))
    this.announcer.tell(request, 'update', [written], 'create')
    return { ...briefly(request, written), created: written.created }
  }

  @Delete('/:index/:collection/:_id/_fields')
  async deleteFields(request: Request): Promise<Shown> {
    const place = placeOf(request)
    checkFlags(request, 'silent', 'source')
    const _id = request.getId()
    const fields = textsOf(request.getBodyArray('fields'), 'body.fields')
    await this.drafts.specifications.checkRemoval(place, fields)
    const info = withInfo({}, await this.drafts.metadata.ofUpdate(request))
    const written = await this.store.deleteFields(await this.drafts.specifications.judged(place), _id, fields, info)
    this.announcer.tell(request, 'update', [{ ...written, _updatedFields: fields }])
    return briefly(request, written)
  }

  @Delete('/:index/:collection/:_id')
  async delete(request: Request): Promise<{ _id: string; _source?: Properties }> {
    checkFlags(request, 'silent', 'source')
    const deleted = await this.store.delete(placeOf(request), request.getId())
    this.announcer.tell(request, 'delete', [deleted])
    return { _id: deleted._id, ...(request.getBoolean('source') && { _source: deleted._source }) }
  }

  /** What a write of this body would be refused for; nothing is stored. */
  @Post('/:index/:collection/_validate')
  async validate(request: Request): Promise<{ valid: boolean; errorMessages: object }> {
    const faults = await this.drafts.specifications.validate(placeOf(request), bodyOf(request))
    return { valid: faults.length === 0, errorMessages: toErrorMessages(faults) }
  }
}

const show = (written: WrittenDocument): Shown => UnreadDocument.alone(written)

const briefly = (request: Request, { _id, _source, _version }: WrittenDocument): Shown =>
  ({ _id, _version, ...(request.getBoolean('source') && { _source }) })
