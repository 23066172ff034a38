import { Controller, Delete, Get, Post, Request } from '@mortise/sdk'
import { EventBus } from '@app/registry'
import type { StoreStats } from '@app/storage'
import { Specifications } from '../collection/specifications.js'
import { Store } from '../ports/store.js'

/** Indexes: named groups of collections. */
@Controller('index', { global: true })
export class IndexController {
  constructor(private readonly store: Store, private readonly bus: EventBus, private readonly specifications: Specifications) {}

  @Post('/:index/_create')
  async create(request: Request): Promise<void> {
    const index = request.getIndex()
    await this.store.createIndex(index)
    this.bus.notify('core:storage:index:create:after', { index, scope: 'public' })
  }

  @Delete('/:index')
  async delete(request: Request): Promise<{ acknowledged: true }> {
    const index = request.getIndex()
    await this.#remove(index)
    this.bus.notify('core:storage:index:delete:after', { index, scope: 'public' })
    return { acknowledged: true }
  }

  /** Deletes those of the named indexes (all, when none are named) that exist and that the user may delete. */
  @Delete('/_mDelete')
  @Delete('/_mdelete')
  async mDelete(request: Request): Promise<{ deleted: string[] }> {
    const all = await this.store.listIndexes()
    const asked = request.getBodyArray<string>('indexes', all)
    const deleted: string[] = []
    for (const index of all.filter((name) => asked.includes(name))) {
      if (!await mayDelete(request, index)) continue
      await this.#remove(index)
      deleted.push(index)
    }
    if (deleted.length > 0) this.bus.notify('core:storage:index:mDelete:after', { indexes: deleted, scope: 'public' })
    return { deleted }
  }

  @Get('/_list')
  async list(request: Request): Promise<{ indexes: string[]; collections?: Record<string, number> }> {
    const indexes = await this.store.listIndexes()
    if (!request.getBoolean('countCollection')) return { indexes }
    const counts = await Promise.all(indexes.map(async (index) => [index, (await this.store.listCollections(index)).length] as const))
    return { indexes, collections: Object.fromEntries(counts) }
  }

  @Get('/:index/_exists')
  exists(request: Request): Promise<boolean> {
    return this.store.indexExists(request.getIndex())
  }

  @Get('/_storageStats')
  stats(): Promise<StoreStats> {
    return this.store.stats()
  }

  async #remove(index: string): Promise<void> {
    await this.store.deleteIndex(index)
    await this.specifications.forget({ index })
  }
}

/** Deleting many must not be a way around a right that is missing for one. */
async function mayDelete(request: Request, index: string): Promise<boolean> {
  const user = request.getUser()
  if (!user?.isActionAllowed) return true
  return user.isActionAllowed(new Request({ controller: 'index', action: 'delete', index }, request.context))
}
