import { Hook, Logger, Plugin, type Request, type RequestOutcome } from '@mortise/sdk'

/** Logs each request that goes through the host: by which door, which action, how it ended, how long it took. For development. */
@Plugin({ name: 'request' })
export class RequestLog {
  readonly #begun = new WeakMap<Request, number>()

  constructor(private readonly logger: Logger) {}

  @Hook('request:beforeExecution')
  begin(request: Request): void {
    this.#begun.set(request, performance.now())
  }

  @Hook('request:afterExecution')
  tell({ request, error }: RequestOutcome): void {
    const { context: { connection }, input: { controller, action }, status } = request
    const begun = this.#begun.get(request)
    const took = begun === undefined ? '' : ` ${(performance.now() - begun).toFixed(1)} ms`
    this.logger.info(`${connection.protocol} ${controller}:${action} ${status}${took}${error ? ` ${error.message.split('\n')[0]}` : ''}`)
  }
}
