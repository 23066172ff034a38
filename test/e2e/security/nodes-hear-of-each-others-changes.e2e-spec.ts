import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { postgresUrl, whyUnreachable } from '../../../libs/storage/src/engines/postgres/postgres-server.contract.js'
import { openWire } from '../../support/open-wire.js'
import { openSocket } from '../../support/start-doors.js'
import { startHost, type StartedHost, type WireAnswer } from '../../support/start-host.js'
import { until } from '../../support/until.js'

const isServerThere = await whyUnreachable() === undefined
const suite = isServerThere || process.env.CI === 'true' ? describe : describe.skip
const patience = 10_000

suite('two hosts on one PostgreSQL schema', () => {
  const database = `test_${randomUUID().replaceAll('-', '')}`
  /** The way of the second host to the server, which can be cut. */
  let wire: Awaited<ReturnType<typeof openWire>>
  let here: StartedHost
  let there: StartedHost
  let boss: string
  let ann: string

  const start = (url: string): Promise<StartedHost> => startHost({ enabled: ['auth-local'], config: { storage: { url }, limits: { loginsPerSecond: 0 } } })

  beforeAll(async () => {
    await administer(`create database "${database}"`)
    wire = await openWire(5432)
    here = await start(postgresUrl.replace(/[^/]*$/, database))
    there = await start(`postgres://postgres@127.0.0.1:${wire.port}/${database}`)
    await here.ask('POST', '/_createFirstAdmin/boss?reset=true', { body: { content: {}, credentials: { local: { username: 'boss', password: 'boss-secret-1' } } } })
    boss = await logIn(here, 'boss')
    await here.ask('PUT', '/shop/orders', { headers: bearer(boss) })
  }, 60_000)
  afterAll(async () => {
    await here.close()
    await there.close()
    wire.close()
    await administer(`drop database "${database}" with (force)`)
  }, 60_000)

  const bearer = (jwt: string): Record<string, string> => ({ authorization: `Bearer ${jwt}` })
  const logIn = async (host: StartedHost, name: string): Promise<string> =>
    (await host.ask('POST', '/_login/local', { body: { username: name, password: `${name}-secret-1` } })).body.result.jwt
  /** Changes something about people on the first host. */
  const change = async (action: string, _id: string, body?: object): Promise<void> => {
    expect(await here.ask('POST', '/_query', { body: { controller: 'security', action, _id, body, jwt: boss, force: true } })).toMatchObject({ status: 200 })
  }
  const counting = { controllers: { document: { actions: { count: true } }, auth: { actions: { logout: true } } } }
  const notCounting = { controllers: { document: { actions: { count: false } } } }
  const count = (host: StartedHost, jwt = ann): Promise<WireAnswer> => host.ask('POST', '/shop/orders/_count', { headers: bearer(jwt), body: {} })
  const becomes = (status: number, jwt = ann): Promise<number> => until(async () => (await count(there, jwt)).status, (seen) => seen === status, patience)

  /** Ann, who may count orders, known on both hosts. */
  async function letAnnCount(): Promise<void> {
    await change('createOrReplaceRole', 'counter', counting)
    await change('createOrReplaceProfile', 'clerk', { policies: [{ roleId: 'counter' }] })
    await change('createUser', 'ann', { content: { profileIds: ['clerk'] }, credentials: { local: { username: 'ann', password: 'ann-secret-1' } } })
    ann = await logIn(here, 'ann')
    await becomes(200)
  }
  afterEach(async () => { await here.ask('DELETE', '/users/ann', { headers: bearer(boss) }) })

  test('know the first administrator, and the rights that were restricted for it, wherever that was', async () => {
    await until(() => there.ask('POST', '/shop/orders/_count', { body: {} }), ({ status }) => status === 401, patience)
    expect((await count(there, boss)).status).toBe(200)
    expect((await there.ask('GET', '/users/_me', { headers: bearer(await logIn(there, 'boss')) })).body.result._id).toBe('boss')
  })

  test.each<[string, number, ...Parameters<typeof change>]>([
    ['a role', 403, 'createOrReplaceRole', 'counter', notCounting],
    ['a profile', 403, 'updateProfile', 'clerk', { policies: [{ roleId: 'default' }] }],
    ['a user', 403, 'updateUser', 'ann', { profileIds: ['default'] }],
    ['tokens that are revoked', 401, 'revokeTokens', 'ann'],
    ['a user who is gone', 401, 'deleteUser', 'ann'],
  ])('hear of %s', async (_what, status, ...made) => {
    await letAnnCount()
    await change(...made)
    expect((await count(here)).status).toBe(status)
    await becomes(status)
  })

  test('end a token on every host at a log-out, and tell the sockets that used it', async () => {
    await letAnnCount()
    const socket = await openSocket(there.port)
    expect(await socket.ask({ controller: 'document', action: 'count', index: 'shop', collection: 'orders', body: {}, jwt: ann })).toMatchObject({ status: 200 })
    expect((await here.ask('POST', '/_logout', { headers: bearer(ann) })).status).toBe(200)
    expect(await socket.receive()).toMatchObject({ type: 'TokenExpired' })
    await becomes(401)
    socket.socket.terminate()
  })

  test('drop what they keep at hand when the connection was lost, and follow what they missed', async () => {
    await letAnnCount()
    wire.cut()
    await change('updateUser', 'ann', { profileIds: ['default'] })
    expect((await count(there)).status).toBe(503)
    wire.mend()
    await becomes(403)
    await change('updateUser', 'ann', { profileIds: ['clerk'] })
    await becomes(200)
  })

  test('follow what they missed while only the connection that listens was lost', async () => {
    await letAnnCount()
    const ended = await administer(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}' and query like 'listen %'`)
    expect(ended.rowCount).toBe(2)
    await change('createOrReplaceRole', 'counter', notCounting)
    await becomes(403)
  })
})

async function administer(statement: string): Promise<pg.QueryResult> {
  const client = new pg.Client(postgresUrl.replace(/[^/]*$/, 'postgres'))
  await client.connect()
  return client.query(statement).finally(() => client.end())
}
