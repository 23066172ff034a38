import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { postgresUrl, whyUnreachable } from '../../libs/storage/src/engines/postgres/postgres-server.contract.js'
import { openWire } from '../support/open-wire.js'
import { openSocket } from '../support/start-doors.js'
import { runHost } from '../support/run-host.js'
import { createProject, startHost, type StartedHost } from '../support/start-host.js'

const ORDERS = '/shop/orders'
const many = Array.from({ length: 100 }, (_, n) => ({ body: { n } }))
const unreachable = { status: 503, body: { status: 503, error: { id: 'services.storage.not_connected', status: 503 }, result: null } }
const isServerThere = await whyUnreachable() === undefined
const suite = isServerThere || process.env.CI === 'true' ? describe : describe.skip

suite('a host on PostgreSQL', () => {
  const database = `test_${randomUUID().replaceAll('-', '')}`
  let wire: Awaited<ReturnType<typeof openWire>>
  let host: StartedHost

  beforeEach(async () => {
    await administer(`create database "${database}"`)
    wire = await openWire(5432)
    host = await startHost({ config: { storage: { url: `postgres://postgres@127.0.0.1:${wire.port}/${database}` } } })
    await host.ask('PUT', ORDERS)
    await host.ask('POST', `${ORDERS}/before/_create`, { body: {} })
  })

  afterEach(async () => {
    await host.close()
    wire.close()
    await administer(`drop database "${database}" with (force)`)
  })

  test('whose server cannot be reached refuses over both doors, and goes on by itself when it can', async () => {
    const socket = await openSocket(host.port)
    wire.cut()
    expect(await host.ask('POST', `${ORDERS}/while/_create`, { body: {} })).toMatchObject(unreachable)
    expect(await host.ask('POST', `${ORDERS}/_mCreate`, { body: { documents: many } })).toMatchObject(unreachable)
    expect(await host.ask('GET', `${ORDERS}/before`)).toMatchObject(unreachable)
    expect(await host.ask('POST', `${ORDERS}/_search`, { body: {} })).toMatchObject(unreachable)
    expect(await host.ask('GET', '/_healthCheck')).toMatchObject({ status: 503, body: { result: { services: { storageEngine: 'red' } } } })
    expect(await socket.ask({ controller: 'document', action: 'get', index: 'shop', collection: 'orders', _id: 'before' })).toMatchObject(unreachable.body)
    wire.mend()
    expect(await host.ask('GET', `${ORDERS}/before`)).toMatchObject({ status: 200 })
    expect(await socket.ask({ controller: 'document', action: 'create', index: 'shop', collection: 'orders', _id: 'after', body: {} })).toMatchObject({ status: 200 })
    expect((await host.ask('POST', `${ORDERS}/_mExists`, { body: { ids: ['before', 'while', 'after'] } })).body.result).toEqual({ successes: ['before', 'after'], errors: ['while'] })
    expect(await host.ask('GET', '/_healthCheck')).toMatchObject({ status: 200 })
    socket.socket.terminate()
  })

  test.each([
    ['the server ends them', () => administer(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`)],
    ['the network breaks', async () => {
      wire.cut()
      wire.mend()
    }],
  ])('loses nothing that it acknowledged while connections end again and again, because %s', async (_, breakConnections) => {
    const acknowledged: string[] = []
    const refused: string[][] = []
    let isOver = false
    const write = async (lane: number): Promise<void> => {
      for (let n = 0; !isOver; n++) {
        const ids = Array.from({ length: 5 }, (_each, k) => `${lane}-${n}-${k}`)
        const answer = await host.ask('POST', `${ORDERS}/_mCreate`, { body: { documents: ids.map((_id) => ({ _id, body: {} })) } })
        if (answer.status !== 200) expect(answer).toMatchObject(unreachable)
        else expect(answer.body.result).toMatchObject({ successes: { length: 5 }, errors: [] })
        if (answer.status === 200) acknowledged.push(...ids)
        else refused.push(ids)
      }
    }
    const writing = Promise.all(Array.from({ length: 10 }, (_each, lane) => write(lane)))
    for (let n = 0; n < 10; n++) {
      const target = acknowledged.length + 100
      while (acknowledged.length < target) await new Promise((next) => { setTimeout(next, 5) })
      await breakConnections()
    }
    isOver = true
    await writing
    const exists = async (ids: string[]): Promise<string[]> => (await host.ask('POST', `${ORDERS}/_mExists`, { body: { ids } })).body.result.successes as string[]
    expect(await exists(acknowledged)).toEqual(acknowledged)
    for (const ids of refused) expect([0, 5]).toContain((await exists(ids)).length)
  }, 60_000)
})

test('a host whose PostgreSQL server is not there does not start, and says what to do', async () => {
  const root = createProject()
  const { code, err } = await runHost(root, { env: { MORTISE_STORAGE__URL: 'postgres://postgres@127.0.0.1:1/postgres' } }).ended
  rmSync(root, { recursive: true, force: true })
  expect(code).toBe(1)
  expect(err).toMatch(/^services\.storage\.not_connected: .*\n {2}at {4}storage\.url\n {2}do {4}PostgreSQL cannot be reached\. See that the server runs, and that "storage\.url" names its host and port\.\n$/)
})

async function administer(statement: string): Promise<void> {
  const client = new pg.Client(postgresUrl)
  await client.connect()
  await client.query(statement)
  await client.end()
}
