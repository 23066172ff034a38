import { createError } from '@mortise/sdk'
import type { ProfileRules } from '../rights/rights.js'
import type { Policy, Restriction } from '../rights/user-rights.js'
import { refuseOtherKeys, requireList, requireObject, requireText } from './check-shape.js'

/**
 * The rules in the body of a profile.
 *
 * @throws `api.assert.*` for a wrong shape, `security.profile.missing_anonymous_role`
 */
export function readRules(id: string, body: Record<string, unknown>): ProfileRules {
  const policies = requireList(body.policies, `${id}.policies`).map((policy, position) => readPolicy(policy, `${id}.policies[${position}]`))
  const rateLimit = body.rateLimit ?? 0
  if (!Number.isSafeInteger(rateLimit) || (rateLimit as number) < 0) throw createError('api.assert.invalid_type', `${id}.rateLimit`, 'positive integer, or 0')
  if (id === 'anonymous' && !policies.some(({ roleId }) => roleId === 'anonymous')) throw createError('security.profile.missing_anonymous_role')
  return { policies, rateLimit: rateLimit as number }
}

function readPolicy(value: unknown, name: string): Policy {
  const policy = requireObject(value, name)
  refuseOtherKeys(policy, ['roleId', 'restrictedTo'], name)
  const roleId = requireText(policy.roleId, `${name}.roleId`)
  if (policy.restrictedTo === undefined || policy.restrictedTo === null) return { roleId }
  if (!Array.isArray(policy.restrictedTo)) throw createError('api.assert.invalid_type', `${name}.restrictedTo`, 'array')
  return { roleId, restrictedTo: policy.restrictedTo.map((one, position) => readRestriction(one, `${name}.restrictedTo[${position}]`)) }
}

function readRestriction(value: unknown, name: string): Restriction {
  const restriction = requireObject(value, name)
  refuseOtherKeys(restriction, ['index', 'collections'], name)
  const index = requireText(restriction.index, `${name}.index`)
  const { collections } = restriction
  if (collections === undefined || collections === null) return { index }
  if (!Array.isArray(collections)) throw createError('api.assert.invalid_type', `${name}.collections`, 'array')
  return { index, collections: collections.map((collection, position) => requireText(collection, `${name}.collections[${position}]`)) }
}
