import { domain, subdomain } from './subdomain.js'

/** Who somebody is, and what they may do. */
export const security = domain(0x07, {
  token: subdomain(0x01, {
    invalid: [0x01, 'UnauthorizedError', () => 'Invalid token.'],
    unknown_user: [0x02, 'InternalError', () => 'A token cannot be made for an unknown user.'],
    unknown_connection: [0x03, 'InternalError', () => 'A token cannot be made for an unknown connection.'],
    ttl_exceeded: [0x04, 'BadRequestError', () => 'The token would live longer than the server allows.'],
    generation_failed: [0x05, 'InternalError', (fault: string) => `The token cannot be made: ${fault}`],
    expired: [0x06, 'UnauthorizedError', () => 'The token has expired.'],
    verification_error: [0x07, 'InternalError', (fault: string) => `The token cannot be verified: ${fault}`],
    refresh_forbidden: [0x08, 'UnauthorizedError', (kind: string) => `A token of this kind cannot be refreshed: ${kind}.`],
    invalid_expiration: [
      0x09,
      'BadRequestError',
      (name: string, found: string) => `"${name}" is neither a duration nor a number of milliseconds: ${found}.`,
    ],
  }),
  credentials: subdomain(0x02, {
    unknown_strategy: [0x01, 'BadRequestError', (strategy: string) => `Unknown authentication strategy "${strategy}".`],
    database_inconsistency: [
      0x02,
      'PluginImplementationError',
      (userId: string) => `Credentials exist for "${userId}", but no such user does.`,
    ],
    rejected: [0x03, 'BadRequestError', (fault: string) => `The credentials are refused: ${fault}`],
  }),
  rights: subdomain(0x03, {
    unauthorized: [
      0x01,
      'UnauthorizedError',
      (controller: string, action: string, userId: string) => `Log in to execute "${controller}:${action}" (user "${userId}").`,
    ],
    forbidden: [
      0x02,
      'ForbiddenError',
      (controller: string, action: string, userId: string) => `User "${userId}" may not execute "${controller}:${action}".`,
    ],
    failsafe_mode_admin_only: [0x03, 'ForbiddenError', () => 'The server runs in failsafe mode: only administrators may log in.'],
  }),
  user: subdomain(0x04, {
    already_exists: [0x01, 'PreconditionError', (userId: string) => `User "${userId}" already exists.`],
    not_found: [0x02, 'NotFoundError', (userId: string) => `User "${userId}" not found.`],
    anonymous_profile_required: [0x03, 'BadRequestError', () => 'The anonymous user must keep the profile "anonymous".'],
    cannot_hydrate: [0x04, 'InternalError', (userId: string) => `User "${userId}" names profiles that do not exist.`],
    uninitialized: [0x05, 'InternalError', (userId: string) => `User "${userId}" is used before it is loaded.`],
    prevent_overwrite: [0x06, 'BadRequestError', (strategy: string) => `The user already has credentials for strategy "${strategy}".`],
    no_profile: [0x07, 'InternalError', (userId: string) => `User "${userId}" has no profile.`],
  }),
  role: subdomain(0x05, {
    not_found: [0x01, 'NotFoundError', (roleId: string) => `Role "${roleId}" not found.`],
    login_required: [0x02, 'BadRequestError', () => 'The role of the anonymous user must allow "auth:login".'],
    cannot_delete: [0x03, 'BadRequestError', () => 'The roles "admin", "default" and "anonymous" cannot be deleted.'],
    in_use: [0x04, 'PreconditionError', (roleId: string) => `The role "${roleId}" is still used and cannot be deleted.`],
    uninitialized: [0x05, 'InternalError', (roleId: string) => `Role "${roleId}" is used before it is loaded.`],
    invalid_rights: [0x06, 'BadRequestError', (rights: string) => `Rights are neither a boolean nor an object: ${rights}.`],
    closure_exec_failed: [
      0x07,
      'BadRequestError',
      (roleId: string, controller: string, action: string) => `The test of role "${roleId}" on "${controller}:${action}" failed to run.`,
    ],
    closure_missing_test: [
      0x08,
      'BadRequestError',
      (roleId: string, controller: string, action: string) => `The rights of role "${roleId}" on "${controller}:${action}" have no "test".`,
    ],
    unknown_controller: [
      0x09,
      'BadRequestError',
      (roleId: string, controller: string, hint: string) => `Role "${roleId}" names controller "${controller}", which does not exist.${hint}`,
    ],
    unknown_action: [
      0x0a,
      'BadRequestError',
      (roleId: string, action: string, controller: string, hint: string) =>
        `Role "${roleId}" names action "${controller}:${action}", which does not exist.${hint}`,
    ],
  }),
  profile: subdomain(0x06, {
    not_found: [0x01, 'NotFoundError', (profileId: string) => `Profile "${profileId}" not found.`],
    cannot_delete: [0x02, 'BadRequestError', () => 'The profiles "admin", "default" and "anonymous" cannot be deleted.'],
    in_use: [0x03, 'PreconditionError', (profileId: string) => `The profile "${profileId}" is still used and cannot be deleted.`],
    cannot_hydrate: [0x04, 'InternalError', (profileId: string) => `Profile "${profileId}" names roles that do not exist.`],
    missing_anonymous_role: [0x05, 'BadRequestError', () => 'The anonymous profile must keep the role "anonymous".'],
    uninitialized: [0x06, 'InternalError', (profileId: string) => `Profile "${profileId}" is used before it is loaded.`],
  }),
  cookie: subdomain(0x07, {
    invalid: [0x01, 'UnauthorizedError', () => 'Invalid cookie.'],
    unsupported: [0x02, 'InternalError', () => 'Authentication by cookie is switched off.'],
  }),
})
