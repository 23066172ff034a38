import { Controller, createError, Delete, Get, Post, Put, type Request } from '@mortise/sdk'
import { ANONYMOUS_ID, Security, type Right } from '@app/security'
import { presentUser, type Entity } from '../security/entity.js'
import { checkRights, createApiKey, searchApiKeys } from '../security/requested.js'
import { callerOf } from './caller.js'

/** Users on themselves: who they are, what they may do, what they log in by. */
@Controller('auth', { global: true })
export class SelfController {
  constructor(private readonly security: Security) {}

  @Get('/_me')
  @Get('/users/_me')
  async getCurrentUser(request: Request): Promise<Entity & { strategies: string[] }> {
    const { users, credentials } = this.security.services
    const id = request.getKuid() ?? ANONYMOUS_ID
    const strategies = id === ANONYMOUS_ID ? [] : await credentials.strategiesOf(request, id)
    return { ...presentUser(await users.get(id)), strategies }
  }

  @Put('/_me')
  @Put('/_updateSelf')
  async updateSelf(request: Request): Promise<Entity> {
    const { _id } = callerOf(request)
    const body = request.getBody() as Record<string, unknown>
    const fixed = ['_id', 'profileIds'].find((name) => name in body)
    if (fixed !== undefined) throw createError('api.assert.forbidden_argument', `body.${fixed}`)
    return presentUser(await this.security.services.users.update(_id, body, _id))
  }

  @Get('/_me/_rights')
  @Get('/users/_me/_rights')
  getMyRights(request: Request): { hits: Right[]; total: number } {
    const { rights, users } = this.security.services
    const hits = rights.of(request.getUser() ?? users.anonymous).list()
    return { hits, total: hits.length }
  }

  @Post('/_checkRights')
  checkRights(request: Request): { allowed: boolean } {
    return checkRights(this.security, request, request.getUser() ?? this.security.services.users.anonymous)
  }

  @Post('/_me/credentials/:strategy/_create')
  @Post('/credentials/:strategy/_me/_create')
  createMyCredentials(request: Request): Promise<unknown> {
    return this.security.services.credentials.create(request, request.getString('strategy'), callerOf(request)._id, request.getBody())
  }

  @Put('/_me/credentials/:strategy/_update')
  @Put('/credentials/:strategy/_me/_update')
  updateMyCredentials(request: Request): Promise<unknown> {
    return this.security.services.credentials.update(request, request.getString('strategy'), callerOf(request)._id, request.getBody())
  }

  @Delete('/_me/credentials/:strategy')
  @Delete('/credentials/:strategy/_me')
  async deleteMyCredentials(request: Request): Promise<{ acknowledged: true }> {
    await this.security.services.credentials.delete(request, request.getString('strategy'), callerOf(request)._id)
    return { acknowledged: true }
  }

  @Get('/_me/credentials/:strategy/_exists')
  @Get('/credentials/:strategy/_me/_exists')
  credentialsExist(request: Request): Promise<boolean> {
    return this.security.services.credentials.exists(request, request.getString('strategy'), callerOf(request)._id)
  }

  @Post('/_me/credentials/:strategy/_validate')
  @Post('/credentials/:strategy/_me/_validate')
  validateMyCredentials(request: Request): Promise<unknown> {
    const given = { credentials: request.getBody(), isUpdate: false }
    return this.security.services.credentials.validate(request, request.getString('strategy'), callerOf(request)._id, given)
  }

  @Get('/_me/credentials/:strategy')
  @Get('/credentials/:strategy/_me')
  getMyCredentials(request: Request): Promise<unknown> {
    return this.security.services.credentials.get(request, request.getString('strategy'), callerOf(request)._id)
  }

  @Post('/api-keys/_create')
  createApiKey(request: Request): Promise<Entity> {
    return createApiKey(this.security, request, callerOf(request)._id)
  }

  @Post('/api-keys/_search')
  searchApiKeys(request: Request): Promise<object> {
    return searchApiKeys(this.security, request, callerOf(request)._id)
  }

  @Delete('/api-keys/:_id')
  async deleteApiKey(request: Request): Promise<{ _id: string }> {
    const _id = request.getId()
    await this.security.services.apiKeys.delete(callerOf(request)._id, _id)
    return { _id }
  }
}
