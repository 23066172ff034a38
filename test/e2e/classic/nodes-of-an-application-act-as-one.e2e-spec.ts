import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { postgresUrl, whyUnreachable } from '../../../libs/storage/src/engines/postgres/postgres-server.contract.js'
import { installApplication } from '../../support/install-application.js'
import { HostProcess } from '../../support/run-host.js'
import { asker } from '../../support/start-host.js'
import { until } from '../../support/until.js'

const isServerThere = await whyUnreachable() === undefined
const suite = isServerThere || process.env.CI === 'true' ? describe : describe.skip
const patience = 30_000

suite('two nodes of one application, on one PostgreSQL database', () => {
  const database = `test_${randomUUID().replaceAll('-', '')}`
  let root: string
  let processes: HostProcess[] = []
  let nodes: ReturnType<typeof asker>[]

  const startNode = (): HostProcess => new HostProcess(`${root}/app.js`, {
    cwd: root, env: { MORTISE_SERVER__PORT: '0', MORTISE_SERVER__CONTROL: '', MORTISE_STORAGE__URL: postgresUrl.replace(/[^/]*$/, database) },
  })
  const openNodes = async (): Promise<void> => {
    processes = [startNode(), startNode()]
    nodes = (await Promise.all(processes.map((node) => node.listening()))).map((url) => asker(url))
  }
  const closeNodes = async (): Promise<void> => { await Promise.all(processes.map((node) => node.stop())) }
  const ask = async (node: number, action: string, query = '', body?: object): Promise<unknown> =>
    (await nodes[node]!('POST', '/_query', { body: { controller: 'chain', action, ...Object.fromEntries(new URLSearchParams(query)), body } })).body.result
  const shelves = async (node: number): Promise<unknown> => (await nodes[node]!('POST', '/chain/shelves/_count', { body: {} })).body.result.count
  const heardBy = (node: number, count: number): Promise<unknown> => heardUntil(() => ask(node, 'heard') as Promise<unknown[]>, count)

  beforeAll(async () => {
    await administer(`create database "${database}"`)
    root = installApplication('chain-of-shops')
    await openNodes()
  }, 120_000)
  afterAll(async () => {
    await closeNodes()
    rmSync(root, { recursive: true, force: true })
    await administer(`drop database "${database}" with (force)`)
  }, 60_000)

  test('install once, whichever comes first, and record it', async () => {
    expect(await Promise.all([shelves(0), shelves(1)])).toEqual([2, 2])
    const done = processes.map(({ out }) => [...out.matchAll(/Installation \\"(\w+)\\" is done/g)].map(([, id]) => id))
    expect(done.flat().sort()).toEqual(['shelves', 'sign'])
  })

  test('hear what the other tells, and not what they tell themselves', async () => {
    await ask(0, 'tell', 'event=sold', { what: 'rose', for: 'é'.repeat(9_000) })
    await ask(1, 'tell', 'event=sold', { what: 'iris' })
    await expect(heardBy(1, 1)).resolves.toEqual([{ what: 'rose', for: 'é'.repeat(9_000) }])
    await expect(heardBy(0, 1)).resolves.toEqual([{ what: 'iris' }])
  })

  test('hear once what they asked for once, and nothing that they no longer listen to', async () => {
    for (const event of ['closed', 'closed']) await ask(0, 'tell', `event=${event}`, { event })
    await ask(1, 'forget')
    for (const event of ['sold', 'unheard']) await ask(0, 'tell', `event=${event}`, { event })
    await ask(0, 'tell', 'event=broken', {})
    await until(() => processes[1]!.out, (out) => /broken.*nobody listens later/.test(out), patience)
    expect(processes[1]!.out).toMatch(/broken.*nobody listens"/)
    await expect(heardBy(1, 2)).resolves.toEqual([expect.objectContaining({ what: 'rose' }), { event: 'closed' }])
  })

  test('share locks', async () => {
    expect([await ask(0, 'lock', 'name=till'), await ask(1, 'lock', 'name=till'), await ask(1, 'lock', 'name=door')]).toEqual([{ isTaken: true }, { isTaken: false }, { isTaken: true }])
    await ask(0, 'unlock', 'name=till')
    expect(await ask(1, 'lock', 'name=till')).toEqual({ isTaken: true })
  })

  test('take no more installations once they run', async () => {
    expect((await nodes[0]!('POST', '/_query', { body: { controller: 'chain', action: 'late' } })).body.error).toMatchObject({ id: 'plugin.runtime.already_started', message: expect.stringContaining('"install"') })
  })

  test('do not install again at the next start, and tell of one that fails until it has succeeded', async () => {
    await nodes[0]!('PUT', '/chain/shelves/no-sign', { body: {} })
    await closeNodes()
    await administer(`delete from mortise.c${await keyOf('installations')} where id = 'sign'`, database)
    const failing = await startNode().ended
    expect([failing.code, failing.out + failing.err]).toEqual([1, expect.stringContaining('Installation "sign" failed: the sign fell down')])
    await administer(`delete from mortise.c${await keyOf('shelves')} where id in ('no-sign', 'sign')`, database)
    await openNodes()
    expect(await shelves(0)).toBe(2)
  }, 120_000)

  /** The key of a collection's table. */
  const keyOf = async (collection: string): Promise<string> =>
    ((await administer(`select key from mortise.collections where name = '${collection}'`, database)).rows[0] as { key: string }).key
})

async function heardUntil(look: () => Promise<unknown[]>, count: number): Promise<unknown[]> {
  for (const deadline = Date.now() + patience; ;) {
    const heard = await look()
    if (heard.length >= count || Date.now() > deadline) return heard
  }
}

async function administer(statement: string, database = 'postgres'): Promise<pg.QueryResult> {
  const client = new pg.Client(postgresUrl.replace(/[^/]*$/, database))
  await client.connect()
  return client.query(statement).finally(() => client.end())
}
