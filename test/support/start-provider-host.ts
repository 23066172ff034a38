import type { Request } from '@mortise/sdk'
import { createProviderStrategy, MemoryProvider } from './create-provider-strategy.js'
import { definePlugin } from './define-plugin.js'
import { startSecuredHost } from './start-secured-host.js'

/** A secured host with the users `ann` and `bob`, who log in by way of a provider's pages: with a state, and without one. */
export async function startProviderHost() {
  const provider = new MemoryProvider()
  const host = await startSecuredHost({
    security: { returnUrls: ['https://app.example/welcome', 'https://app.example/deep/'] },
    plugins: [definePlugin({ name: 'providers', strategies: [createProviderStrategy(provider), createProviderStrategy(provider, 'stateless', false)] })],
  })
  for (const id of ['ann', 'bob']) await host.security.services.users.create(id, { profileIds: ['default'] })
  const login = (data: object = {}, headers: Record<string, string> = {}): Promise<Request> =>
    host.send({ controller: 'auth', action: 'login', strategy: 'provider', ...data }, headers, { verb: 'GET', url: '/_login/provider' })
  return { ...host, provider, login }
}

export type ProviderHost = Awaited<ReturnType<typeof startProviderHost>>

export const locationOf = ({ response }: Request): string => String(response.headers.location)
export const cookieOf = ({ response }: Request): string => String([response.headers['set-cookie']].flat()[0]).split(';')[0] ?? ''
export const userOf = ({ result }: Request): string | undefined => (result as { _id?: string } | null)?._id
