import { createError } from '@mortise/sdk'
import { Kuzzle, type BaseRequest, type JSONObject, type ResponsePayload } from 'kuzzle-sdk'
import { InnerProtocol, type InnerTransport } from './inner-protocol.js'

/** Actions on "my" account: a plugin has none. Source: the contract's list of forbidden actions. */
const FORBIDDEN: ReadonlySet<string> = new Set([
  'checkRights', 'createApiKey', 'createMyCredentials', 'credentialsExist', 'deleteApiKey', 'getCurrentUser', 'getMyCredentials',
  'getMyRights', 'getStrategies', 'logout', 'refreshToken', 'searchApiKeys', 'updateMyCredentials', 'updateSelf', 'validateMyCredentials',
])

/**
 * `accessors.sdk`: the public client, whose requests go straight through the
 * corridor. They are made with the host's own rights and fire no events,
 * unless they say `triggerEvents: true`.
 *
 * The client is a sealed proxy around itself, and its controllers hold what is
 * inside: so there are no properties here but those of the protocol.
 */
export class EmbeddedSdk extends Kuzzle {
  constructor(transport: InnerTransport, user?: { id: string; checkRights: boolean }) {
    super(new InnerProtocol(transport, user))
  }

  /** @throws `api.process.forbidden_embedded_sdk_action` at once */
  override query<TRequest extends BaseRequest = BaseRequest, TResult = JSONObject>(request: TRequest, options: JSONObject = {}): Promise<ResponsePayload<TResult>> {
    const { controller, action } = request
    if (controller === 'auth' && FORBIDDEN.has(String(action))) {
      throw createError('api.process.forbidden_embedded_sdk_action', controller, String(action))
    }
    return super.query<TRequest, TResult>(request, options)
  }

  /**
   * The same client on behalf of a user, who is loaded anew for each request.
   *
   * @param options - `checkRights`: whether the user must be allowed the action.
   * @throws `plugin.context.invalid_user` for a user without id
   */
  as(user: { _id: string }, { checkRights = false }: { checkRights?: boolean } = {}): EmbeddedSdk {
    if (typeof user?._id !== 'string') throw createError('plugin.context.invalid_user')
    return new EmbeddedSdk((this.protocol as InnerProtocol).transport, { id: user._id, checkRights })
  }
}
