import { defineErrors } from '@mortise/sdk'

export const errors = defineErrors('auth-local', {
  expired_password: { code: 1, class: 'UnauthorizedError', message: 'The password has expired.' },
  must_change_password: { code: 2, class: 'UnauthorizedError', message: 'The password was set by somebody else and must be changed.' },
  invalid_token: { code: 3, class: 'BadRequestError', message: 'The token to reset a password is not, or no longer, good.' },
  login_in_password: { code: 4, class: 'BadRequestError', message: 'The password must not contain the username.' },
  reused_password: { code: 5, class: 'BadRequestError', message: 'This password was used before.' },
  wrong_password: { code: 6, class: 'BadRequestError', message: '"currentPassword" is not the current password.' },
  weak_password: { code: 7, class: 'BadRequestError', message: 'The password does not meet the rules that are set for it.' },
  username_taken: { code: 8, class: 'PreconditionError', message: (username: string) => `The username "${username}" is taken.` },
  invalid_field: {
    code: 9, class: 'BadRequestError', message: (field: string, expected: string) => `"${field}" must be ${expected}.`,
  },
  no_credentials: { code: 10, class: 'NotFoundError', message: (kuid: string) => `User "${kuid}" has no username and password.` },
  too_many_failures: { code: 11, class: 'TooManyRequestsError', message: (seconds: number) => `Too many wrong passwords. Wait ${seconds} s.` },
})
