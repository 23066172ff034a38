import { Action, Controller, createError, Get, Post, Request, type User } from '@mortise/sdk'
import { readChannelOptions, RealtimeHub, type ChannelOptions, type RoomCounts, type Subscribed } from '@app/realtime'
import { bodyOf, placeOf } from '../document/document-input.js'
import { SingleWritesController } from '../document/single-writes.controller.js'

/** Subscriptions to what happens to documents, and messages to those who subscribed. */
@Controller('realtime', { global: true })
export class RealtimeController {
  constructor(private readonly realtime: RealtimeHub, private readonly writes: SingleWritesController) {}

  @Action()
  async subscribe(request: Request): Promise<Subscribed | null> {
    return this.realtime.subscribe(request, { ...placeOf(request), filters: request.getBody(), options: optionsOf(request) })
  }

  @Action()
  join(request: Request): Subscribed | null {
    return this.realtime.join(request, request.getBodyString('roomId'), optionsOf(request))
  }

  @Action()
  unsubscribe(request: Request): { roomId: string } {
    const roomId = request.getBodyString('roomId')
    this.realtime.unsubscribe(request, roomId)
    return { roomId }
  }

  @Action()
  count(request: Request): { count: number } {
    return { count: this.realtime.count(request.getBodyString('roomId')) }
  }

  /** Rooms of the collections that the user may subscribe to. */
  @Get('/_listSubscriptions')
  async list(request: Request): Promise<RoomCounts> {
    const user = request.getUser()
    const allowed: RoomCounts = {}
    for (const [index, collections] of Object.entries(this.realtime.counts())) {
      for (const [collection, rooms] of Object.entries(collections)) {
        if (await maySubscribe(user, index, collection)) (allowed[index] ??= {})[collection] = rooms
      }
    }
    return allowed
  }

  @Post('/:index/:collection/_publish')
  publish(request: Request): { published: true } {
    placeOf(request)
    const { _id } = request.input.args
    if (_id !== undefined && typeof _id !== 'string') throw createError('api.assert.invalid_type', '_id', 'string')
    this.realtime.publish(request, bodyOf(request))
    return { published: true }
  }

  /** The first name of `document:validate`. */
  @Action()
  validate(request: Request): Promise<{ valid: boolean; errorMessages: object }> {
    request.addDeprecation('2.0.0', 'Use "document:validate" instead.')
    return this.writes.validate(request)
  }
}

/** What is not propagated stays on this node, which is for those within it to decide. */
function optionsOf({ input: { args: { scope, users, propagate } }, context }: Request): ChannelOptions {
  const isClient = context.connection.protocol !== 'funnel'
  return readChannelOptions({ scope, users, propagate: isClient || propagate })
}

/** Whoever asks without being known to security, such as a plugin, sees everything. */
async function maySubscribe(user: User | null, index: string, collection: string): Promise<boolean> {
  return await user?.isActionAllowed?.(new Request({ controller: 'realtime', action: 'subscribe', index, collection })) ?? true
}
