import { Controller, createError, Post, type Request } from '@mortise/sdk'
import { bodyOf } from '../document/document-input.js'
import { Host } from '../ports/host.js'
import { DataLoader } from './data-loader.js'
import { Dump } from './dump.js'

type Acknowledged = { acknowledge: true }

/** What touches all data, or the host itself. An action that runs is not started a second time. */
@Controller('admin', { global: true })
export class AdminController {
  readonly #running = new Set<string>()

  constructor(private readonly loader: DataLoader, private readonly dumps: Dump, private readonly host: Host) {}

  @Post('/admin/_loadMappings')
  loadMappings(request: Request): Promise<Acknowledged> {
    return this.#once('loadMappings', () => this.loader.loadMappings(bodyOf(request)))
  }

  @Post('/admin/_loadFixtures')
  loadFixtures(request: Request): Promise<Acknowledged> {
    return this.#once('loadFixtures', () => this.loader.loadFixtures(bodyOf(request)))
  }

  @Post('/admin/_resetDatabase')
  resetDatabase(): Promise<Acknowledged> {
    return this.#once('resetDatabase', () => this.loader.reset())
  }

  @Post('/admin/_resetCache')
  resetCache(request: Request): Promise<Acknowledged> {
    const database = request.getString('database')
    const reset = Object.hasOwn(this.host.caches, database) ? this.host.caches[database] : undefined
    if (!reset) throw createError('services.cache.database_not_found', database)
    return this.#once(`resetCache ${database}`, reset)
  }

  /** The store keeps its own account of indexes and collections, which is never out of date: there is nothing to do. */
  @Post('/admin/_refreshIndexCache')
  refreshIndexCache(): void {}

  @Post('/admin/_dump')
  dump(request: Request): Promise<Acknowledged> {
    return this.#once('dump', () => this.dumps.write(request.getString('suffix', 'manual-api-action')))
  }

  /** Answers first and stops then. There is no second shutdown. */
  @Post('/admin/_shutdown')
  shutdown(): Acknowledged {
    this.#lock('shutdown')
    setImmediate(() => this.host.shutdown())
    return { acknowledge: true }
  }

  /** Runs an action unless it is running. @throws `api.process.action_locked` (412) */
  async #once(action: string, work: () => Promise<unknown>): Promise<Acknowledged> {
    this.#lock(action)
    try {
      await work()
    } finally {
      this.#running.delete(action)
    }
    return { acknowledge: true }
  }

  #lock(action: string): void {
    if (this.#running.has(action)) throw createError('api.process.action_locked', action)
    this.#running.add(action)
  }
}
