import { Controller, Delete, Get, Post, PreconditionError, Put, type Request } from '@mortise/sdk'
import { Security, type Right } from '@app/security'
import { idsOf } from '../document/document-input.js'
import { Limits } from '../ports/limits.js'
import { deleteEach, present, presentUser, type Entity } from './entity.js'
import { checkRights, readAccount, readAccountWithoutProfiles, readPage } from './requested.js'

/** Users, as those see them who look after them. */
@Controller('security', { global: true })
export class UsersController {
  constructor(private readonly security: Security, private readonly limits: Limits) {}

  @Post('/users/_create')
  @Post('/users/:_id/_create')
  async createUser(request: Request): Promise<Entity> {
    request.getBodyObject('content')
    return presentUser(await this.security.services.accounts.create(request, readAccount(request)))
  }

  @Post('/users/_createRestricted')
  @Post('/users/:_id/_createRestricted')
  async createRestrictedUser(request: Request): Promise<Entity> {
    const { accounts, restrictedProfileIds } = this.security.services
    const account = readAccountWithoutProfiles(request)
    const content = { ...account.content, profileIds: [...restrictedProfileIds] }
    return presentUser(await accounts.create(request, { ...account, content }))
  }

  @Post('/_createFirstAdmin/:_id')
  @Post('/_createFirstAdmin')
  async createFirstAdmin(request: Request): Promise<Entity> {
    const account = readAccountWithoutProfiles(request)
    return presentUser(await this.security.services.founding.createFirstAdmin(request, account, request.getBoolean('reset')))
  }

  @Put('/users/:_id/_replace')
  async replaceUser(request: Request): Promise<Entity> {
    return presentUser(await this.security.services.users.replace(request.getId(), request.getBody()))
  }

  @Put('/users/:_id/_update')
  async updateUser(request: Request): Promise<Entity> {
    return presentUser(await this.security.services.users.update(request.getId(), request.getBody(), request.getKuid()))
  }

  /** Credentials are made with a new user only. */
  @Post('/users/:_id/_upsert')
  async upsertUser(request: Request): Promise<Entity> {
    const { users, accounts } = this.security.services
    const content = request.getBodyObject<Record<string, unknown>>('content')
    const id = request.getId()
    if (await users.exists(id)) return presentUser(await users.update(id, content, request.getKuid()))
    const fallback = request.getBodyObject<Record<string, unknown>>('default', {})
    return presentUser(await accounts.create(request, { ...readAccount(request), content: { ...fallback, ...content } }))
  }

  @Get('/users/:_id')
  async getUser(request: Request): Promise<Entity> {
    return presentUser(await this.security.services.users.get(request.getId()))
  }

  @Get('/users/_mGet')
  @Post('/users/_mGet')
  async mGetUsers(request: Request): Promise<{ hits: Entity[] }> {
    return { hits: (await this.security.services.users.mGet(idsOf(request))).map(presentUser) }
  }

  @Post('/users/_search')
  async searchUsers(request: Request): Promise<object> {
    const { hits, total, scrollId } = await this.security.services.users.search(request.getSearchBody(), readPage(request, this.limits.documentsFetchCount))
    return { hits: hits.map(present), total, scrollId }
  }

  @Get('/users/_scroll/:scrollId')
  async scrollUsers(request: Request): Promise<object> {
    const { hits, total, scrollId } = await this.security.services.users.scroll(request.getString('scrollId'), request.getScrollTTLParam())
    return { hits: hits.map(present), total, scrollId }
  }

  @Delete('/users/:_id')
  async deleteUser(request: Request): Promise<{ _id: string }> {
    const _id = request.getId()
    await this.security.services.accounts.delete(request, _id)
    return { _id }
  }

  @Post('/users/_mDelete')
  mDeleteUsers(request: Request): Promise<string[]> {
    return deleteEach(request, (id) => this.security.services.accounts.delete(request, id))
  }

  @Get('/users/:_id/_rights')
  async getUserRights(request: Request): Promise<{ hits: Right[]; total: number }> {
    const { users, rights } = this.security.services
    const hits = rights.of(await users.load(request.getId())).list()
    return { hits, total: hits.length }
  }

  @Get('/users/:_id/_strategies')
  async getUserStrategies(request: Request): Promise<{ strategies: string[]; total: number }> {
    const { users, credentials } = this.security.services
    const { _id } = await users.get(request.getId())
    const strategies = await credentials.strategiesOf(request, _id)
    return { strategies, total: strategies.length }
  }

  @Post('/_checkRights/:userId')
  async checkRights(request: Request): Promise<{ allowed: boolean }> {
    return checkRights(this.security, request, await this.security.services.users.load(request.getString('userId')))
  }

  /** Logs a user out everywhere; API keys stay good. */
  @Delete('/users/:_id/tokens')
  async revokeTokens(request: Request): Promise<null> {
    const { users, tokens } = this.security.services
    const { _id } = await users.get(request.getId())
    await tokens.revokeAll(_id)
    return null
  }

  /** Leaves everybody but administrators the least. Refused before there is one, for nobody could take it back. */
  @Post('/_restrictDefaultRights')
  async restrictDefaultRights(): Promise<null> {
    const { founding } = this.security.services
    if (!await founding.adminExists()) throw new PreconditionError('There is no administrator yet. Make one first, with security:createFirstAdmin.')
    await founding.restrictDefaultRights()
    return null
  }
}
