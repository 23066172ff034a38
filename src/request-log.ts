import { Hook, Logger, Plugin, type Request, type RequestOutcome } from '@mortise/sdk'
import { RequestPaths } from './request-path.js'

const NAME = 'request'

/**
 * Logs each request that goes through the host: by which door, which action, how it ended, how long it took, and
 * which listeners of plugins it came by. For development.
 */
@Plugin({ name: NAME })
export class RequestLog {
  /** To be put around the listeners of the host. */
  static readonly paths = new RequestPaths()
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
    const outcome = `${connection.protocol} ${controller}:${action} ${status}${took}${error ? ` ${error.message.split('\n')[0]}` : ''}`
    this.logger.info([outcome, ...RequestLog.paths.linesOf(request, NAME).map((line) => `  by    ${line}`)].join('\n'))
  }
}
