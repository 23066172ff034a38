import { Security } from '@app/security'
import { AuthController } from '../auth/auth.controller.js'
import { SelfController } from '../auth/self.controller.js'
import type { BuiltIns } from '../create-built-ins.js'
import { ApiKeysController } from './api-keys.controller.js'
import { CredentialsController } from './credentials.controller.js'
import { MappingsController } from './mappings.controller.js'
import { ProfilesController } from './profiles.controller.js'
import { RolesController } from './roles.controller.js'
import { SecuritiesController } from './securities.controller.js'
import { UsersController } from './users.controller.js'

/** The controllers of people and rights, to be added to the other built-in ones, whose `Limits` and `Store` they share. */
export function createSecurityBuiltIns(security: Security): BuiltIns {
  return {
    controllers: [
      AuthController, SelfController, UsersController, ProfilesController, RolesController, CredentialsController, ApiKeysController, MappingsController,
      SecuritiesController,
    ],
    providers: [{ provide: Security, useValue: security }],
  }
}
