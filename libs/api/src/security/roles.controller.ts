import { Controller, Delete, Get, Post, Put, type Request } from '@mortise/sdk'
import { Security } from '@app/security'
import { idsOf } from '../document/document-input.js'
import { Limits } from '../ports/limits.js'
import { deleteEach, present, type Entity } from './entity.js'
import { readPage } from './requested.js'

/** Roles: which actions are allowed. */
@Controller('security', { global: true })
export class RolesController {
  constructor(private readonly security: Security, private readonly limits: Limits) {}

  @Post('/roles/:_id/_create')
  async createRole(request: Request): Promise<Entity> {
    return present(await this.security.services.roles.create(request.getId(), request.getBody(), this.#options(request)))
  }

  @Put('/roles/:_id')
  async createOrReplaceRole(request: Request): Promise<Entity> {
    return present(await this.security.services.roles.createOrReplace(request.getId(), request.getBody(), this.#options(request)))
  }

  @Put('/roles/:_id/_update')
  async updateRole(request: Request): Promise<Entity> {
    return present(await this.security.services.roles.update(request.getId(), request.getBody(), this.#options(request)))
  }

  @Get('/roles/:_id')
  async getRole(request: Request): Promise<Entity> {
    return present(await this.security.services.roles.get(request.getId()))
  }

  @Post('/roles/_mGet')
  async mGetRoles(request: Request): Promise<{ hits: Entity[] }> {
    return { hits: (await this.security.services.roles.mGet(idsOf(request))).map(present) }
  }

  @Post('/roles/_search')
  async searchRoles(request: Request): Promise<{ hits: Entity[]; total: number }> {
    const roles = await this.security.services.roles.search(request.getBodyArray<string>('controllers', []))
    const { from, size } = readPage(request, this.limits.documentsFetchCount)
    return { hits: roles.slice(from, from + size).map(present), total: roles.length }
  }

  @Delete('/roles/:_id')
  async deleteRole(request: Request): Promise<{ _id: string }> {
    const _id = request.getId()
    await this.security.services.roles.delete(_id)
    return { _id }
  }

  @Post('/roles/_mDelete')
  mDeleteRoles(request: Request): Promise<string[]> {
    return deleteEach(request, (id) => this.security.services.roles.delete(id))
  }

  #options(request: Request): { by: string | null; force: boolean } {
    return { by: request.getKuid(), force: request.getBoolean('force') }
  }
}
