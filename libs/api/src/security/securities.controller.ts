import { Controller, createError, Post, type Request } from '@mortise/sdk'
import { Security, type OnExistingUsers } from '@app/security'

const WISHES: readonly string[] = ['fail', 'skip', 'overwrite']

/** All of security at once, for administrators. */
@Controller('admin', { global: true })
export class SecuritiesController {
  constructor(private readonly security: Security) {}

  @Post('/admin/_loadSecurities')
  async loadSecurities(request: Request): Promise<{ acknowledge: true }> {
    const onExistingUsers = request.getString('onExistingUsers', 'fail')
    if (!WISHES.includes(onExistingUsers)) throw createError('api.assert.invalid_argument', 'onExistingUsers', WISHES.join(', '))
    await this.security.services.securities.load(request, request.getBody(), {
      force: request.getBoolean('force'), by: request.getKuid(), onExistingUsers: onExistingUsers as OnExistingUsers,
    })
    return { acknowledge: true }
  }

  @Post('/admin/_resetSecurity')
  resetSecurity(request: Request): Promise<object> {
    return this.security.services.founding.reset(request)
  }
}
