import { Controller, Delete, Post, type Request } from '@mortise/sdk'
import { Security } from '@app/security'
import type { Entity } from './entity.js'
import { createApiKey, searchApiKeys } from './requested.js'

/** API keys of users other than oneself. */
@Controller('security', { global: true })
export class ApiKeysController {
  constructor(private readonly security: Security) {}

  @Post('/users/:userId/api-keys/_create')
  async createApiKey(request: Request): Promise<Entity> {
    const { _id } = await this.security.services.users.get(request.getString('userId'))
    return createApiKey(this.security, request, _id)
  }

  @Post('/users/:userId/api-keys/_search')
  searchApiKeys(request: Request): Promise<object> {
    return searchApiKeys(this.security, request, request.getString('userId'))
  }

  @Delete('/users/:userId/api-keys/:_id')
  async deleteApiKey(request: Request): Promise<{ _id: string }> {
    const _id = request.getId()
    await this.security.services.apiKeys.delete(request.getString('userId'), _id)
    return { _id }
  }
}
