import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { MortiseConfigInput } from '../../../src/index.js'
import { startHost, type StartedHost } from '../../support/start-host.js'
import { startIsolated } from '../../support/start-isolated.js'

const imports = {
  roles: { greeter: { controllers: { server: { actions: { now: true } } } } },
  profiles: { host: { policies: [{ roleId: 'greeter' }] } },
  users: { bob: { content: { profileIds: ['host'] }, credentials: { local: { username: 'bob', password: 'secret-2' } } } },
}

let folder: string
const hosts: StartedHost[] = []

beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'mortise-declared-')) })
afterEach(async () => {
  for (const host of hosts.splice(0)) await host.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A host on the one store, as a later start, or another one beside it. */
async function start(security: MortiseConfigInput['security'] = {}): Promise<StartedHost> {
  const host = await startHost({ enabled: ['auth-local', 'that-brings-a-clerk'], config: { storage: { path: join(folder, 'store.sqlite') }, security } })
  hosts.push(host)
  return host
}

async function logIn({ ask }: Pick<StartedHost, 'ask'>, username: string, password: string): Promise<Record<string, string>> {
  const { body } = await ask('POST', '/_login/local', { body: { username, password } })
  return { authorization: `Bearer ${(body as { result: { jwt: string } }).result.jwt}` }
}

describe.each(['inline', 'thread', 'process'] as const)('a plugin that runs %s', (isolation) => {
  test('brings roles, profiles and users', async () => {
    const host = await startIsolated({ isolation, enabled: ['that-brings-a-clerk', 'auth-local'] })
    const headers = await logIn(host, 'ann', 'secret-1')
    expect((await host.ask('GET', '/users/ann', { headers })).status).toBe(403)
    expect((await host.ask('GET', '/_now', { headers })).status).toBe(200)
    await host.stop()
  })
})

describe('the configuration', () => {
  test('brings roles, profiles and users', async () => {
    const host = await start({ imports })
    const headers = await logIn(host, 'bob', 'secret-2')
    expect((await host.ask('GET', '/_now', { headers })).status).toBe(200)
    expect((await host.ask('GET', '/users/bob', { headers })).status).toBe(403)
  })

  test('that names what there is not keeps the host from starting, and says where', async () => {
    const profiles = { host: { policies: [{ roleId: 'gretter' }] } }
    await expect(start({ imports: { profiles } })).rejects.toThrow(/security\.role\.not_found[\s\S]*at {4}the configuration → security\.imports/)
  })
})

test('what people change since stays, also when several hosts start on the store', async () => {
  const first = await start({ imports })
  expect((await first.ask('PUT', '/profiles/host/_update', { body: { policies: [{ roleId: 'timekeeper' }] } })).status).toBe(200)
  expect((await first.ask('DELETE', '/users/bob')).status).toBe(200)
  const [second, third] = await Promise.all([start({ imports }), start({ imports })])
  for (const { ask } of [second, third]) {
    expect((await ask('GET', '/profiles/host')).body).toMatchObject({ result: { _source: { policies: [{ roleId: 'timekeeper' }] } } })
    expect((await ask('GET', '/users/bob')).status).toBe(404)
  }
})

test('what says something else is loaded again, and leaves users who exist alone', async () => {
  const first = await start({ imports })
  await first.ask('PUT', '/users/bob/_update', { body: { name: 'Bobby' } })
  const { ask } = await start({ imports: { ...imports, roles: { ...imports.roles, late: { controllers: { server: { actions: { info: true } } } } } } })
  expect((await ask('GET', '/roles/late')).status).toBe(200)
  expect((await ask('GET', '/users/bob')).body).toMatchObject({ result: { _source: { name: 'Bobby' } } })
})
