import { Api, Controller, Get, Post, type Request } from '@mortise/sdk'
import { errors } from './errors.js'
import { LocalCredentials } from './local-credentials.js'
import { ResetTokens } from './reset-tokens.js'

declare module '@mortise/sdk' {
  interface Actions {
    'auth-local/password': 'getResetPasswordToken' | 'reset'
  }
}

/** New passwords for people who have lost theirs. */
@Controller('password')
export class PasswordController {
  constructor(private readonly credentials: LocalCredentials, private readonly tokens: ResetTokens, private readonly api: Api) {}

  /** A token to send to a user, for instance by mail. Whoever may call this may become anybody: leave it to administrators. */
  @Get('/resetToken/:_id')
  async getResetPasswordToken(request: Request): Promise<{ resetToken: string }> {
    const kuid = request.getId() as string
    if (!await this.credentials.exists(request, kuid)) throw errors.no_credentials(kuid)
    return { resetToken: await this.tokens.create(kuid) }
  }

  /** `{ token, password }`: sets the password and logs in. A password that is refused leaves the token good. */
  @Post('/reset')
  async reset(request: Request): Promise<unknown> {
    const [token, password] = [request.getBodyString('token'), request.getBodyString('password')]
    const kuid = await this.tokens.read(token)
    const { username } = await this.credentials.reset(kuid, password, () => this.tokens.use(token))
    await this.api.call({ controller: 'security', action: 'revokeTokens', _id: kuid })
    return this.api.call({ controller: 'auth', action: 'login', strategy: 'local', body: { username, password } })
  }
}
