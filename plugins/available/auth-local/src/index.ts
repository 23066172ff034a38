import { Plugin } from '@mortise/sdk'
import { Accounts } from './accounts.js'
import { Attempts } from './attempts.js'
import { LocalCredentials } from './local-credentials.js'
import { PasswordController } from './password.controller.js'
import { Policies } from './policies.js'
import { ResetTokens } from './reset-tokens.js'
import { settings } from './settings.js'

/** Logs users in by username and password. See README.md. */
@Plugin({
  name: 'auth-local',
  host: '^0.1.0',
  config: settings,
  controllers: [PasswordController],
  providers: [LocalCredentials, Accounts, Policies, Attempts, ResetTokens],
})
export default class AuthLocal {}
