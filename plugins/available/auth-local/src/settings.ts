import ms, { type StringValue } from 'ms'
import { z } from 'zod'

/** Milliseconds, or a duration such as `90d`. */
const duration = z.union([z.number().int().positive(), z.string().transform((text, context) => {
  const value = ms(text as StringValue) as number | undefined
  if (value !== undefined && value > 0) return value
  context.addIssue({ code: 'custom', message: 'expected a duration such as "90d"' })
  return z.NEVER
})])

const ids = z.array(z.string()).default([])

const policy = z.strictObject({
  /** `*` for everybody, or users, profiles and roles by id. */
  appliesTo: z.union([z.literal('*'), z.strictObject({ users: ids, profiles: ids, roles: ids })]),
  expiresAfter: duration.optional(),
  forbidLoginInPassword: z.boolean().default(false),
  /** How many of the last passwords may not come again. */
  forbidReusedPasswordCount: z.number().int().min(0).max(50).default(0),
  mustChangePasswordIfSetByAdmin: z.boolean().default(false),
  passwordRegex: z.string().refine(isRegex, 'expected a regular expression').optional(),
})

export const settings = z.object({
  passwordPolicies: z.array(policy).default([]),
  /** Whether users who change their own credentials must give `currentPassword`. */
  requirePassword: z.boolean().default(false),
  resetPasswordExpiresIn: duration.prefault('1h'),
  /** Wrong passwords for one username from one address before it has to wait. */
  maxFailures: z.number().int().positive().default(10),
  /** Wrong passwords from one address, whatever the username. */
  maxFailuresPerAddress: z.number().int().positive().default(100),
  failureWindow: duration.prefault('15m'),
  /** Whether the address is the last one of `X-Forwarded-For`, which a proxy in front writes. */
  behindProxy: z.boolean().default(false),
})

export type Settings = z.output<typeof settings>
export type PasswordPolicy = z.output<typeof policy>

function isRegex(text: string): boolean {
  try {
    return new RegExp(text).source.length > 0
  } catch {
    // Told by the schema, under the policy's name.
    return false
  }
}
