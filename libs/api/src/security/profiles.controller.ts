import { Controller, createError, Delete, Get, Post, Put, type Request } from '@mortise/sdk'
import { Security, type Right } from '@app/security'
import { idsOf } from '../document/document-input.js'
import { Limits } from '../ports/limits.js'
import { deleteEach, present, type Entity } from './entity.js'
import { readPage } from './requested.js'

/** Profiles: sets of roles, and where they hold. */
@Controller('security', { global: true })
export class ProfilesController {
  constructor(private readonly security: Security, private readonly limits: Limits) {}

  @Post('/profiles/:_id/_create')
  async createProfile(request: Request): Promise<Entity> {
    return present(await this.security.services.profiles.create(request.getId(), request.getBody(), this.#options(request)))
  }

  @Put('/profiles/:_id')
  async createOrReplaceProfile(request: Request): Promise<Entity> {
    return present(await this.security.services.profiles.createOrReplace(request.getId(), request.getBody(), this.#options(request)))
  }

  @Put('/profiles/:_id/_update')
  async updateProfile(request: Request): Promise<Entity> {
    return present(await this.security.services.profiles.update(request.getId(), request.getBody(), this.#options(request)))
  }

  @Get('/profiles/:_id')
  async getProfile(request: Request): Promise<Entity> {
    return present(await this.security.services.profiles.get(request.getId()))
  }

  @Post('/profiles/_mGet')
  async mGetProfiles(request: Request): Promise<{ hits: Entity[] }> {
    return { hits: (await this.security.services.profiles.mGet(idsOf(request))).map(present) }
  }

  @Post('/profiles/_search')
  async searchProfiles(request: Request): Promise<object> {
    const roles = request.getBodyArray<string>('roles', [])
    const { hits, total, scrollId } = await this.security.services.profiles.search(roles, readPage(request, this.limits.documentsFetchCount))
    return { hits: hits.map(present), total, scrollId }
  }

  @Get('/profiles/_scroll/:scrollId')
  async scrollProfiles(request: Request): Promise<object> {
    const { hits, total, scrollId } = await this.security.services.profiles.scroll(request.getString('scrollId'), request.getScrollTTLParam())
    return { hits: hits.map(present), total, scrollId }
  }

  /** With `onAssignedUsers=remove` it is taken from its users first. */
  @Delete('/profiles/:_id')
  async deleteProfile(request: Request): Promise<{ _id: string }> {
    const _id = request.getId()
    await this.#delete(request, _id)
    return { _id }
  }

  @Post('/profiles/_mDelete')
  mDeleteProfiles(request: Request): Promise<string[]> {
    return deleteEach(request, (id) => this.#delete(request, id))
  }

  @Get('/profiles/:_id/_rights')
  async getProfileRights(request: Request): Promise<{ hits: Right[]; total: number }> {
    const { profiles, rights } = this.security.services
    const { _id } = await profiles.get(request.getId())
    const hits = rights.ofProfiles([_id]).list()
    return { hits, total: hits.length }
  }

  #delete(request: Request, id: string): Promise<void> {
    const wish = request.getString('onAssignedUsers', 'fail')
    if (wish !== 'fail' && wish !== 'remove') throw createError('api.assert.invalid_argument', 'onAssignedUsers', '"fail" or "remove"')
    return this.security.services.accounts.deleteProfile(id, { detach: wish === 'remove', by: request.getKuid() })
  }

  #options(request: Request): { by: string | null; strict: boolean } {
    return { by: request.getKuid(), strict: request.getBoolean('strict') }
  }
}
