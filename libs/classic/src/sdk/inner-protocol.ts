import { createError, Request, type RequestData, type User } from '@mortise/sdk'
import { AS_PLUGIN, type Pipeline } from '@app/pipeline'
import { KuzzleAbstractProtocol, type RequestPayload, type ResponsePayload } from 'kuzzle-sdk'
import type { RealtimeDesk, SubscriptionOptions } from '../classic-host.js'

/** What the embedded client is made over. */
export interface InnerTransport {
  readonly pipeline: Pipeline
  readonly loadUser: (id: string) => Promise<User>
  readonly realtime?: RealtimeDesk
  /** Rewrites the request that has its answer; leaves it as it is when absent. */
  readonly rewrite?: (request: Request) => void
}

/** Whom requests are made for. */
export interface ActingUser {
  readonly id: string
  readonly checkRights: boolean
}

interface SubscribeData extends SubscriptionOptions {
  readonly index: string
  readonly collection: string
  readonly body?: object
}

/** What the protocol calls requests that come from within. Source: the contract's section on the embedded client. */
const NAME = 'funnel'

/** Carries the client's requests through the corridor instead of over a wire. */
export class InnerProtocol extends KuzzleAbstractProtocol {
  #disconnect: (() => void) | undefined

  constructor(readonly transport: InnerTransport, private readonly user?: ActingUser) {
    super(NAME, {}, NAME)
    this.state = 'ready'
  }

  override isReady(): boolean {
    return true
  }

  override connect(): Promise<void> {
    return Promise.resolve()
  }

  override send(): void {
    throw new Error('Requests from within are not sent: they are answered by query().')
  }

  /** Resolves to `{ result }`. @throws the error of the action as it is */
  override async query(data: RequestPayload): Promise<ResponsePayload> {
    if (data.controller === 'realtime') return this.#queryRealtime(data)
    return this.#run(data)
  }

  override close(): void {
    this.#disconnect?.()
    this.#disconnect = undefined
  }

  async #run(data: RequestPayload): Promise<ResponsePayload> {
    const { loadUser, pipeline, rewrite } = this.transport
    const user = this.user ? await loadUser(this.user.id) : null
    const request = new Request(data as RequestData, { user, connection: { id: this.id, protocol: NAME } })
    const answer = await pipeline.run(request, { ...AS_PLUGIN, events: request.input.triggerEvents === true, rights: this.user?.checkRights ?? false })
    if (answer.error) throw answer.error
    rewrite?.(answer)
    return answerOf(answer.result)
  }

  /** Subscriptions are kept where clients' are, under this protocol's own connection. */
  async #queryRealtime(data: RequestPayload): Promise<ResponsePayload> {
    const { realtime } = this.transport
    if (data.action !== 'subscribe' && data.action !== 'unsubscribe') return this.#run(data)
    if (!realtime) throw createError('plugin.context.unavailable_realtime', data.action)
    if (data.action === 'unsubscribe') {
      const { roomId } = data.body as { roomId: string }
      await realtime.unregister(this.id, roomId, false)
      return answerOf({ roomId })
    }
    this.#disconnect ??= realtime.connect(this.id, (channel, notification) => this.emit(channel, notification))
    const { index, collection, body, ...options } = data as SubscribeData
    return answerOf(await realtime.register(this.id, index, collection, body ?? {}, options))
  }
}

/** Of an answer's envelope, requests from within get the result alone. */
const answerOf = (result: unknown): ResponsePayload => ({ result }) as ResponsePayload
