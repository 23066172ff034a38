import { z } from 'zod'

const address = z.url({ protocol: /^https?$/ })

const common = {
  clientId: z.string().min(1),
  /** Where the provider sends the browser back to: `https://…/_login/<name>`. */
  callbackUrl: address,
  /** Which of the provider's claims tells people apart; it must never be given to somebody else. */
  identifier: z.string().default('sub'),
  /** Fields of the user here, and the claims they are filled from when the user is made. */
  attributes: z.record(z.string(), z.string()).default({}),
  /** Profiles of users who come for the first time. */
  defaultProfiles: z.array(z.string()).min(1).default(['default']),
  /** Whether somebody who comes for the first time becomes a user; otherwise an administrator creates credentials first. */
  createUsers: z.boolean().default(true),
  /** Further parameters for the provider's page, such as `{ "prompt": "login" }`. */
  parameters: z.record(z.string(), z.string()).default({}),
  /** Lets the provider be reached without encryption: on one's own machine only. */
  allowInsecure: z.boolean().default(false),
}

const openIdConnect = z.strictObject({ ...common, issuer: address, scope: z.string().default('openid profile email') })

const oauth2 = z.strictObject({
  ...common, authorizationUrl: address, tokenUrl: address, userInfoUrl: address, scope: z.string().default(''), identifier: z.string().default('id'),
})

const provider = z.union([openIdConnect, oauth2]).refine(isSafe, 'expected https, or "allowInsecure"')

export const settings = z.object({
  /** Providers by the name of the strategy each becomes. */
  providers: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/, 'expected lower-case letters, digits and dashes'), provider).default({}),
})

export type Settings = z.output<typeof settings>
export type ProviderSettings = z.output<typeof provider>

function isSafe(given: z.output<typeof openIdConnect> | z.output<typeof oauth2>): boolean {
  const addresses = 'issuer' in given ? [given.issuer] : [given.authorizationUrl, given.tokenUrl, given.userInfoUrl]
  return given.allowInsecure || addresses.every((text) => text.startsWith('https:'))
}
