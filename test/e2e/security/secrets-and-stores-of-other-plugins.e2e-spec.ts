import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { startIsolated, type IsolatedHost } from '../../support/start-isolated.js'

const PLUGIN = 'that-looks-around'
/** Stands in every value that is not this plugin's own. */
const FOREIGN = 'sesame'
const ENVIRONMENT = {
  MORTISE_SECRETS__CHECKOUT__KEY: `${FOREIGN}-checkout`,
  MORTISE_SECRETS__HOST__JWT: `${FOREIGN}-jwt that signs every token of the host`,
  MORTISE_SECRETS__THAT_SELLS__PEM: `-----BEGIN-----\n${FOREIGN}=é\nMORTISE=${FOREIGN}\n`,
  MORTISE_SECRETS__THAT_LOOKS_AROUND__OWN: 'mine',
  MORTISE_SECRETS_KEY: `${FOREIGN}-key of the secrets file`,
  KUZZLE_VAULT_KEY: `${FOREIGN}-vault`,
  MORTISE_SECURITY__RETURN_URLS: `["https://${FOREIGN}.example/settings"]`,
  BYSTANDER: 'stays',
}

/** A plugin that looks around wherever it can finds no other's secrets, and no other's documents. */
describe.each(['inline', 'thread', 'process'] as const)('a plugin that runs %s', (isolation) => {
  let host: IsolatedHost
  beforeAll(async () => {
    host = await startIsolated({ isolation, enabled: [PLUGIN, 'auth-local'], environment: ENVIRONMENT })
  })
  afterAll(() => host.stop())

  const ask = async (action: string, body: object): Promise<{ status: number; result: unknown; error: unknown }> =>
    (await host.ask('POST', `/_/${PLUGIN}/looks/${action}`, { body })).body

  test('finds no other\'s secrets and no setting in any environment, in its own process and in its parent\'s', async () => {
    const { result, error } = (await host.ask('GET', `/_/${PLUGIN}/looks/environments`)).body as { result: Record<string, string>; error: unknown }
    expect(error).toBeNull()
    // In the host's own process the parent is whoever started it, whose environment is not the host's to clear.
    if (isolation !== 'process') delete result['/proc/<ppid>/environ']
    expect(result['/proc/self/environ']).toContain('BYSTANDER=stays')
    expect(result['process.env']).toContain('"BYSTANDER":"stays"')
    expect(Object.entries(result).filter(([, text]) => new RegExp(`${FOREIGN}|MORTISE_|KUZZLE_VAULT`).test(text)).map(([place]) => place)).toEqual([])
  })

  test('nor does anybody else find them in what the system tells of the host', () => {
    const environ = readFileSync(`/proc/${host.host.pid}/environ`, 'latin1')
    expect(environ).not.toMatch(new RegExp(`${FOREIGN}|MORTISE_`))
    expect(environ).toContain('BYSTANDER=stays')
  })

  test('is given its own secrets, and none by a name that leads elsewhere', async () => {
    const foreign = ['key', 'jwt', 'KEY', 'checkout', 'checkout.key', '../checkout/key', 'CHECKOUT__KEY', 'host', 'host.jwt', '__proto__', 'constructor', 'toString', '']
    expect((await ask('names', { names: ['own', ...foreign] })).result).toEqual(['own'])
  })

  test('finds nothing of another\'s storage, whatever it calls a collection', async () => {
    await host.ask('POST', '/users/ann/_create', { body: { content: { profileIds: ['default'] }, credentials: { local: { username: 'ann', password: 'secret-1' } } } })
    for (const collection of ['usernames', 'credentials', 'secrets', 'users', 'tokens', 'plugin-auth-local', '%', '*', 'plugin-auth-local/usernames', '../plugin-auth-local/usernames', 'usernames\' OR 1=1 --', '__proto__']) {
      const { status, result } = await ask('storage', { collection })
      expect([collection, status === 200 ? result : 'refused']).toEqual([collection, status === 200 ? 0 : 'refused'])
    }
    // It was there to be found.
    expect((await host.ask('POST', '/_login/local', { body: { username: 'ann', password: 'secret-1' } })).status).toBe(200)
  })

  test('reaches no other\'s storage by the API either, though it calls that without rights', async () => {
    for (const index of ['plugin-auth-local', 'security', 'internal', 'kuzzle', '%auth-local', '&auth-local.usernames']) {
      for (const collection of ['usernames', 'users', 'tokens', 'settings']) {
        const { status } = await ask('call', { controller: 'document', action: 'search', index, collection, body: {} })
        expect([index, collection, status >= 400]).toEqual([index, collection, true])
      }
    }
    const { result } = await ask('call', { controller: 'index', action: 'list' })
    expect(JSON.stringify(result)).not.toMatch(/auth-local|security/)
    const config = await ask('call', { controller: 'server', action: 'getConfig' })
    expect(JSON.stringify(config)).not.toContain(`${FOREIGN}-`)
  })
})
