import { createError, type Request, type User } from '@mortise/sdk'
import { ANONYMOUS_ID } from '@app/security'

/** The user who asks. @throws `security.rights.unauthorized` (401) when nobody has logged in */
export function callerOf(request: Request): User {
  const { controller, action } = request.input
  const user = request.getUser()
  if (!user || user._id === ANONYMOUS_ID) throw createError('security.rights.unauthorized', controller ?? '', action ?? '', ANONYMOUS_ID)
  return user
}
