import { Injectable, type EventDocument, type Request } from '@mortise/sdk'
import { EventBus } from '@app/registry'

/** Which of the generic document events: `generic:document:before<Alias>` and `after<Alias>`. */
export type Alias = 'Write' | 'Update' | 'Delete'

/**
 * The generic document events for bulk actions. The corridor tells them for
 * the `document` controller, whose actions have one kind of change each; an
 * import has several at once, so here the action tells them itself.
 *
 * As everywhere, a plugin's inner call is not heard unless it asks to be.
 */
@Injectable()
export class GenericEvents {
  constructor(private readonly bus: EventBus) {}

  isHeard(request: Request, time: 'before' | 'after', alias: Alias): boolean {
    const isInner = request.context.connection.protocol === 'funnel' && request.input.triggerEvents !== true
    return !isInner && !this.bus.isSilent(`generic:document:${time}${alias}`)
  }

  /** Shows documents to whoever listens, once for all of them, and yields what the pipes leave. */
  async tell(request: Request, time: 'before' | 'after', alias: Alias, documents: EventDocument[]): Promise<EventDocument[]> {
    if (documents.length === 0 || !this.isHeard(request, time, alias)) return documents
    return await this.bus.emit(`generic:document:${time}${alias}`, documents, request) as EventDocument[]
  }
}
