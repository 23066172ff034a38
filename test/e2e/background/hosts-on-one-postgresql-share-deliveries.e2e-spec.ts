import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { EventDocument } from '@mortise/sdk'
import { openDocumentStore } from '@app/storage'
import { postgresUrl, whyUnreachable } from '../../../libs/storage/src/engines/postgres/postgres-server.contract.js'
import { dropSchema } from '../../support/drop-schema.js'
import { durable, keepTold, startDurable, type DurableHost, type Told } from '../../support/start-durable.js'
import { until } from '../../support/until.js'

const isServerThere = await whyUnreachable() === undefined
const withServer = isServerThere || process.env.CI === 'true' ? test : test.skip

const WRITE = 'generic:document:afterWrite'
let schema: string
let hosts: DurableHost[]

beforeEach(() => {
  schema = `test_${randomUUID().replaceAll('-', '')}`
  hosts = []
})

afterEach(async () => {
  for (const host of hosts) await host.stop()
  await dropSchema(postgresUrl, schema)
})

/** A host of its own on the schema that all of them share. */
async function join(owner: string, handler: (...told: unknown[]) => unknown): Promise<DurableHost> {
  const host = await startDurable({ owner, store: openDocumentStore({ url: postgresUrl, schema }), hooks: [durable(WRITE, handler)] })
  hosts.push(host)
  return host
}

const documentOf = ({ payload: [documents] }: Told): EventDocument => (documents as EventDocument[])[0]!
const put = (host: DurableHost, ids: readonly string[], n: number): Promise<unknown> =>
  host.call('mCreateOrReplace', { body: { documents: ids.map((_id) => ({ _id, body: { n } })) } })

withServer('each delivery is made by one of them, and those of one document in order', async () => {
  const all: Told[] = []
  const keep = () => keepTold((told) => new Promise<void>((resolve) => { all.push(told); setImmediate(resolve) }))
  const [one, other] = [keep(), keep()]
  await join('one', one.handler)
  await join('other', other.handler)
  const ids = Array.from({ length: 25 }, (_, n) => `d${n}`)
  for (let n = 0; n < 4; n++) await Promise.all(hosts.map((host, place) => put(host, ids.filter((_, at) => at % 2 === place), n)))
  await until(() => { for (const { deliverer } of hosts) deliverer.look(); return all.length }, (count) => count >= 100, 15_000)
  expect(new Set(all.map(({ delivery }) => delivery.key)).size).toBe(100)
  expect(all).toHaveLength(100)
  for (const id of ids) expect(all.filter((told) => documentOf(told)._id === id).map((told) => documentOf(told)._source!.n)).toEqual([0, 1, 2, 3])
})

withServer('what one has claimed and does not finish, another takes over once the lease has ended', async () => {
  const stuck = keepTold(() => new Promise(() => undefined))
  const next = keepTold()
  const first = await join('first', stuck.handler)
  await put(first, ['a'], 1)
  await until(() => stuck.told.length, (count) => count === 1)
  const second = await join('second', next.handler)
  await put(first, ['a'], 2)
  second.pass(9_000)
  await put(second, ['b'], 1)
  await until(() => next.told.length, (count) => count === 1)
  expect(documentOf(next.told[0]!)._id).toBe('b')
  second.pass(1_000)
  await until(() => next.told.length, (count) => count === 3)
  expect(next.told.slice(1).map((told) => documentOf(told)._source!.n)).toEqual([1, 2])
  expect(next.told[1]!.delivery.key).toBe(stuck.told[0]!.delivery.key)
})
