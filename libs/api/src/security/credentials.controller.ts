import { Controller, Delete, Get, Post, Put, type Request } from '@mortise/sdk'
import { Security } from '@app/security'
import { readPage } from './requested.js'

/** Credentials of users, kept by the strategies they log in by. */
@Controller('security', { global: true })
export class CredentialsController {
  constructor(private readonly security: Security) {}

  @Post('/credentials/:strategy/:_id/_create')
  async createCredentials(request: Request): Promise<unknown> {
    return this.security.services.credentials.create(request, request.getString('strategy'), await this.#userOf(request), request.getBody())
  }

  @Put('/credentials/:strategy/:_id/_update')
  async updateCredentials(request: Request): Promise<unknown> {
    return this.security.services.credentials.update(request, request.getString('strategy'), await this.#userOf(request), request.getBody())
  }

  @Delete('/credentials/:strategy/:_id')
  async deleteCredentials(request: Request): Promise<{ acknowledged: true }> {
    await this.security.services.credentials.delete(request, request.getString('strategy'), request.getId())
    return { acknowledged: true }
  }

  @Get('/credentials/:strategy/:_id/_exists')
  hasCredentials(request: Request): Promise<boolean> {
    return this.security.services.credentials.exists(request, request.getString('strategy'), request.getId())
  }

  @Post('/credentials/:strategy/:_id/_validate')
  validateCredentials(request: Request): Promise<unknown> {
    const given = { credentials: request.getBody(), isUpdate: false }
    return this.security.services.credentials.validate(request, request.getString('strategy'), request.getId(), given)
  }

  @Get('/credentials/:strategy/:_id')
  getCredentials(request: Request): Promise<unknown> {
    return this.security.services.credentials.get(request, request.getString('strategy'), request.getId())
  }

  @Get('/credentials/:strategy/:_id/_byId')
  getCredentialsById(request: Request): Promise<unknown> {
    return this.security.services.credentials.getById(request, request.getString('strategy'), request.getId())
  }

  @Get('/credentials/:strategy/_fields')
  getCredentialFields(request: Request): readonly string[] {
    return this.security.services.strategies.get(request.getString('strategy')).definition.fields ?? []
  }

  @Get('/credentials/_fields')
  getAllCredentialFields(): Record<string, readonly string[]> {
    const { strategies } = this.security.services
    return Object.fromEntries(strategies.names.map((name) => [name, strategies.get(name).definition.fields ?? []]))
  }

  @Post('/credentials/:strategy/users/_search')
  searchUsersByCredentials(request: Request): Promise<unknown> {
    const { from, size } = readPage(request, 10)
    return this.security.services.credentials.search(request.getString('strategy'), request.getSearchBody(), { from, size })
  }

  /** @throws `security.user.not_found` */
  async #userOf(request: Request): Promise<string> {
    return (await this.security.services.users.get(request.getId()))._id
  }
}
