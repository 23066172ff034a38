import type { RequestData } from '../request/index.js'
import { DocumentApi } from './document-api.js'
import { service } from './service.js'

/** How an inner call is made. */
export interface CallOptions {
  /** Whether pipes and hooks of the action run as for a client; they do not unless asked. */
  events?: boolean
}

/** Whom an inner call is made for. */
export interface ImpersonationOptions {
  /** Whether the user's rights are checked; they are not unless asked. */
  checkRights?: boolean
}

/**
 * Runs actions from within a plugin, with the host's own rights unless
 * {@link Api.as} says otherwise. Inner calls raise no events unless asked, so
 * that a pipe on `document:afterGet` may get documents without meeting itself.
 */
@service('api')
export abstract class Api {
  /** Documents, the everyday way. */
  readonly document = new DocumentApi((data) => this.call(data))

  /**
   * Runs an action and resolves to its result.
   *
   * @throws whatever error the action answers with.
   *
   * @example
   * const { now } = await this.api.call<{ now: number }>({ controller: 'server', action: 'now' })
   */
  abstract call<T = unknown>(data: RequestData, options?: CallOptions): Promise<T>

  /** The same API on behalf of a user: documents carry that user as author. */
  abstract as(user: { _id: string }, options?: ImpersonationOptions): Api
}
