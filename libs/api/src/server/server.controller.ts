import { Controller, createError, Get, type Request } from '@mortise/sdk'
import { Host } from '../ports/host.js'
import { Store } from '../ports/store.js'
import type { ExplainedEvent } from './event-explainer.js'
import { HostReport } from './host-report.js'
import { Statistics, type StatisticsFrame } from './statistics.js'
import { writePrometheus, type HostMetrics } from './prometheus.format.js'

type Light = 'green' | 'orange' | 'red'

/** What the host is, what can be called, and how it fares. */
@Controller('server', { global: true })
export class ServerController {
  constructor(
    private readonly host: Host,
    private readonly report: HostReport,
    private readonly store: Store,
    private readonly statistics: Statistics,
  ) {}

  @Get('/_now')
  now(): { now: number } {
    return { now: Date.now() }
  }

  @Get('/')
  @Get('/_serverInfo')
  info(): object {
    return this.report.info()
  }

  @Get('/_publicApi')
  publicApi(): object {
    return this.report.routes
  }

  @Get('/_capabilities')
  capabilities(): object {
    return this.report.capabilities()
  }

  @Get('/_adminExists')
  async adminExists(): Promise<{ exists: boolean }> {
    return { exists: await this.host.adminExists() }
  }

  /** A service that is red makes the answer fail with 503, and the result says which. Plugins that do not work make it orange. */
  @Get('/_healthCheck')
  async healthCheck(request: Request): Promise<{ status: Light; services: Record<string, Light> }> {
    const asked = request.getArrayLegacy('services', ['internalCache', 'memoryStorage', 'storageEngine'])
    const services: Record<string, Light> = {}
    if (asked.includes('internalCache')) services.internalCache = 'green'
    if (asked.includes('memoryStorage')) services.memoryStorage = await this.host.isMemoryWell() ? 'green' : 'red'
    if (asked.includes('storageEngine')) services.storageEngine = (await this.store.health()).status
    const isImpaired = this.host.impaired().length > 0 && (request.input.args.services === undefined || asked.includes('plugins'))
    if (isImpaired) services.plugins = 'orange'
    const sick = Object.keys(services).find((name) => services[name] === 'red')
    if (sick === undefined) return { status: isImpaired ? 'orange' : 'green', services }
    request.setError(createError('core.fatal.service_unavailable', sick))
    request.status = 503
    return { status: 'red', services }
  }

  @Get('/_getConfig')
  getConfig(): unknown {
    return this.report.configuration
  }

  /** Who listens to `event`, in calling order, where and why. */
  @Get('/_explain')
  explain(request: Request): ExplainedEvent {
    return this.report.explain(request.getString('event'))
  }

  @Get('/_metrics')
  metrics(): HostMetrics {
    return { api: this.host.load(), network: { connections: this.host.connections() }, realtime: this.host.subscriptions() }
  }

  /** The metrics and the calls of plugins as Prometheus reads them. Apart from `metrics`, which a published plugin turns into text of its own. */
  @Get('/_prometheus')
  prometheus(request: Request): string {
    request.response.configure({ format: 'raw', headers: { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' } })
    return writePrometheus(this.metrics(), this.host.calls())
  }

  @Get('/_getStats')
  getStats(request: Request): object {
    return listed(this.statistics.between(readTime(request, 'startTime'), readTime(request, 'stopTime')))
  }

  @Get('/_getLastStats')
  getLastStats(): StatisticsFrame {
    return this.statistics.last
  }

  @Get('/_getAllStats')
  getAllStats(): object {
    return listed(this.statistics.between())
  }
}

const listed = <T>(hits: T[]): { hits: T[]; total: number } => ({ hits, total: hits.length })

/** Milliseconds since the epoch, given so or as a date. */
function readTime(request: Request, name: string): number | undefined {
  const value: unknown = request.input.args[name]
  if (value === undefined) return undefined
  const time = typeof value === 'number' || /^\d+$/.test(String(value)) ? Number(value) : Date.parse(String(value))
  if (!Number.isFinite(time)) throw createError('api.assert.invalid_argument', name, 'a date, or milliseconds since the epoch')
  return time
}
