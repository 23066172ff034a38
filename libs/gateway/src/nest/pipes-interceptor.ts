import { Inject, Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common'
import type { Request } from '@mortise/sdk'
import { from, lastValueFrom, type Observable } from 'rxjs'
import { eventOf, type ActionName } from './action-of.js'
import { HOST_ACCESS, type HostAccess } from './host-access.js'
import { nestRequestOf, requestOf, toHttpException } from './request-of.js'

/**
 * Runs the host's pipes and hooks around a handler of an ordinary Nest
 * controller: `<controller>:before<Action>` may change the body or refuse,
 * `<controller>:after<Action>` may change what is answered.
 */
@Injectable()
export class PipesInterceptor implements NestInterceptor {
  constructor(@Inject(HOST_ACCESS) private readonly host: HostAccess) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return from(this.#run(context, next))
  }

  async #run(context: ExecutionContext, next: CallHandler): Promise<unknown> {
    const request = await this.#emit('before', requestOf(context))
    // Nest binds parameters only now, so the handler gets the body that pipes left.
    if (request.input.body !== null) nestRequestOf(context).body = request.input.body
    request.setResult(await lastValueFrom(next.handle(), { defaultValue: undefined }))
    const { error, result } = await this.#emit('after', request)
    if (error) throw toHttpException(error)
    return result
  }

  async #emit(time: 'before' | 'after', request: Request): Promise<Request> {
    const { controller, action } = request.input as ActionName
    try {
      return await this.host.bus.emit(eventOf({ controller, action }, time), request) as Request
    } catch (error) {
      throw toHttpException(error)
    }
  }
}
