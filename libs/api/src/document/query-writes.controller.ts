import { Controller, createError, Delete, Put, type Request } from '@mortise/sdk'
import { inSlices, type Place, type QueryLanguage } from '@app/storage'
import { Limits } from '../ports/limits.js'
import { Store } from '../ports/store.js'
import { Announcer } from './announcer.js'
import { checkFlags, placeOf } from './document-input.js'
import { Drafts } from './drafts.js'

/**
 * Changes or deletes the documents that a query finds.
 *
 * @throws `services.storage.get_limit_exceeded` (413) when more are found than one request may touch; then none is.
 */
@Controller('document', { global: true })
export class QueryWritesController {
  constructor(
    private readonly store: Store,
    private readonly drafts: Drafts,
    private readonly announcer: Announcer,
    private readonly limits: Limits,
  ) {}

  @Put('/:index/:collection/_query')
  async updateByQuery(request: Request): Promise<object> {
    const place = placeOf(request)
    checkFlags(request, 'silent', 'source')
    const query = request.getBodyObject('query')
    const { changes, body } = await this.drafts.ofUpdate(request, place, request.getBodyObject('changes'))
    const lang = await this.#readLanguage(request, place, query)
    const { successes, errors } = await this.store.updateByQuery(await this.drafts.specifications.judged(place), { query, changes: body }, { lang })
    const _updatedFields = Object.keys(changes)
    this.announcer.tell(request, 'update', await inSlices(successes, (document) => ({ ...document, _updatedFields })))
    const isSourceShown = request.getBoolean('source')
    return {
      successes: await inSlices(successes, ({ _id, _source, _version, status }) => ({ _id, ...(isSourceShown && { _source }), _version, status })),
      // As they were sent: without what was put in on the way.
      errors: errors.map(({ document, ...error }) => ({ ...error, document: { _id: document._id, body: changes } })),
    }
  }

  @Delete('/:index/:collection/_query')
  async deleteByQuery(request: Request): Promise<object> {
    const place = placeOf(request)
    checkFlags(request, 'silent', 'source')
    const query = request.getBodyObject('query')
    const lang = await this.#readLanguage(request, place, query)
    const { documents, ids } = await this.store.deleteByQuery(place, { query }, { lang })
    this.announcer.tell(request, 'delete', documents)
    const isSourceShown = request.getBoolean('source')
    return { documents: await inSlices(documents, ({ _id, _source }) => ({ _id, ...(isSourceShown && { _source }) })), ids }
  }

  /** The query's language, once it is clear that it does not find too much. */
  async #readLanguage(request: Request, place: Place, query: unknown): Promise<QueryLanguage> {
    const lang = request.getLangParam()
    const found = await this.store.count(place, { query }, { lang })
    if (found > this.limits.documentsFetchCount) throw createError('services.storage.get_limit_exceeded')
    return lang
  }
}
