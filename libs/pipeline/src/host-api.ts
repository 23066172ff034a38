import { Api, Request, type CallOptions, type ImpersonationOptions, type RequestData, type User } from '@mortise/sdk'
import { AS_PLUGIN } from './passage.js'
import type { Pipeline } from './pipeline.js'

/** Loads a user by id, to act for. @throws `security.user.not_found` */
export type LoadUser = (id: string) => Promise<User>

interface Impersonation extends ImpersonationOptions { readonly id: string }

/** The {@link Api} that plugins get: inner calls through the same corridor as everybody's. */
export class HostApi extends Api {
  constructor(
    private readonly pipeline: Pipeline,
    private readonly loadUser: LoadUser,
    private readonly impersonation?: Impersonation,
  ) {
    super()
  }

  async call<T = unknown>(data: RequestData, { events = false }: CallOptions = {}): Promise<T> {
    const user = this.impersonation ? await this.loadUser(this.impersonation.id) : null
    // Actions that tell events of their own accord look at the request, so it says so too.
    const request = new Request(events ? { ...data, triggerEvents: true } : data, { user, connection: { protocol: 'funnel' } })
    const manner = { ...AS_PLUGIN, events: request.input.triggerEvents === true, rights: this.impersonation?.checkRights ?? false }
    const answer = await this.pipeline.run(request, manner)
    if (answer.error) throw answer.error
    return answer.result as T
  }

  as(user: { _id: string }, options: ImpersonationOptions = {}): Api {
    return new HostApi(this.pipeline, this.loadUser, { ...options, id: user._id })
  }
}
