import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common'
import { HOST_ACCESS, type HostAccess } from './host-access.js'
import { requestOf, toHttpException } from './request-of.js'

/**
 * Puts a handler of an ordinary Nest controller under the rights of the host:
 * the token is checked, then whether its user may run the action, then how
 * often. Refusals are Nest exceptions with the host's status and error.
 *
 * @example
 * @UseGuards(AccessGuard)
 * @Get()
 * list() {}
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(@Inject(HOST_ACCESS) private readonly host: HostAccess) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    try {
      const request = requestOf(context)
      const identity = await this.host.gate.authenticate(request)
      request.context.user = identity.user
      request.context.token = identity.token
      await this.host.gate.authorize(request, identity)
      await this.host.gate.limit(request, identity)
      return true
    } catch (error) {
      throw toHttpException(error)
    }
  }
}
