import { Controller, createError, Get, Post, type Request } from '@mortise/sdk'
import type { DeliverySelection, StoredDelivery } from '@app/storage'
import { Store } from '../ports/store.js'

/** A delivery that was given up, as administrators see it. Times in milliseconds since 1970. */
type Failed = Omit<StoredDelivery, 'n' | 'payload'> & { payload: unknown }

const PAGE = 100

/** What durable hooks could not be told of: to look at, to try again, or to let go. */
@Controller('events', { global: true })
export class EventsController {
  constructor(private readonly store: Store) {}

  /** Dead letters, the oldest first, those of `plugin` alone when it is named; and how many of each listener wait and failed. */
  @Get('/events/_failed')
  async failed(request: Request): Promise<{ total: number; deliveries: Failed[]; listeners: object[] }> {
    const page = { from: request.getInteger('from', 0), size: request.getInteger('size', PAGE) }
    const { total, deliveries } = await this.store.outbox.listDead(selectionOf(request), page)
    return { total, deliveries: deliveries.map(show), listeners: await this.store.outbox.count() }
  }

  @Post('/events/_retry')
  async retry(request: Request): Promise<{ retried: number }> {
    return { retried: await this.store.outbox.retryDead(requireSelection(request), Date.now()) }
  }

  @Post('/events/_drop')
  async drop(request: Request): Promise<{ dropped: number }> {
    return { dropped: await this.store.outbox.dropDead(requireSelection(request)) }
  }
}

const show = ({ n: _, payload, ...delivery }: StoredDelivery): Failed => ({ ...delivery, payload: JSON.parse(payload) as unknown })

function selectionOf(request: Request): DeliverySelection {
  const { keys, plugin } = request.input.args
  return {
    ...(keys !== undefined && { keys: request.getArrayLegacy('keys') }),
    ...(plugin !== undefined && { plugin: request.getString('plugin') }),
  }
}

/** All of them only when `all` says so: nobody is to drop everything by leaving something out. */
function requireSelection(request: Request): DeliverySelection {
  const selection = selectionOf(request)
  if (!selection.keys && selection.plugin === undefined && !request.getBoolean('all')) throw createError('api.assert.missing_argument', 'keys')
  return selection
}
