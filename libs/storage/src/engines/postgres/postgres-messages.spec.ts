import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import pg from 'pg'
import { until } from '../../../../../test/support/until.js'
import type { DocumentStore } from '../../document-store.js'
import { openDocumentStore } from '../../open-document-store.js'
import { packParcels, ParcelReader } from './parcels.js'
import { postgresUrl, whyUnreachable } from './postgres-server.contract.js'

// eslint-disable-next-line no-restricted-properties -- a spec has no other way to learn that it runs in continuous integration
const isServerRequired = process.env.CI === 'true'
const reason = await whyUnreachable()
const describeThere = reason === undefined || isServerRequired ? describe : describe.skip

describe('parcels', () => {
  const readAll = (parcels: readonly string[]): (string | undefined)[] => {
    const reader = new ParcelReader()
    return parcels.map((parcel) => reader.read(parcel))
  }

  test.each([0, 1, 7_900, 7_901, 30_000])('of a text of %i characters fit and make it again', (length) => {
    const text = 'x'.repeat(length)
    const parcels = packParcels(text)
    expect(parcels.every((parcel) => parcel.length < 8_000)).toBe(true)
    expect(new Set(parcels).size).toBe(parcels.length)
    expect(readAll(parcels)).toEqual([...parcels.slice(1).map(() => undefined), text])
  })

  test('whose beginning was missed, or that are none, are left out', () => {
    const [, second, third] = packParcels('x'.repeat(20_000)) as [string, string, string]
    expect(readAll([second, third, 'noise', ...packParcels('next')])).toEqual([undefined, undefined, undefined, 'next'])
  })
})

describeThere(`messages between stores on PostgreSQL at ${postgresUrl}`, () => {
  const schema = `test_${randomUUID().replaceAll('-', '')}`
  const stores = [openDocumentStore({ url: postgresUrl, schema }), openDocumentStore({ url: postgresUrl, schema })] as [DocumentStore, DocumentStore]
  let admin: pg.Client

  beforeAll(async () => {
    admin = new pg.Client(postgresUrl)
    await admin.connect()
    for (const store of stores) await store.start()
  })
  afterAll(async () => {
    for (const store of stores) await store.close()
    await admin.query(`drop schema if exists "${schema}" cascade`)
    await admin.end()
  })

  /** What each of the two stores hears on a topic of its own. */
  function listen() {
    const topic = randomUUID()
    const heard = stores.map(() => [] as unknown[])
    const stops = stores.map((store, place) => store.messages.on(topic, (payload) => { heard[place]!.push(payload) }))
    return { topic, heard, stops }
  }

  test('reach the others in order, whatever is in them, and never whoever sent them', async () => {
    const { topic, heard } = listen()
    const payloads = ['a', { text: 'é \u0000 \ud83c\udf37 \ud800', list: [null, 1.5] }, 'ü'.repeat(100_000), null, Array.from({ length: 9_000 }, (_, n) => n)]
    for (const payload of payloads) await stores[0].messages.send(topic, payload)
    await until(() => heard[1]!.length, (count) => count === payloads.length)
    expect(heard).toEqual([[], payloads])
  })

  test('are heard by topic, until nobody listens any more', async () => {
    const { topic, heard, stops } = listen()
    stops[1]!()
    const other = listen()
    await stores[0].messages.send(topic, 'unheard')
    await stores[0].messages.send(other.topic, 'heard')
    await until(() => other.heard[1]!.length, (count) => count === 1)
    expect([heard[1], other.heard[1]]).toEqual([[], ['heard']])
  })

  test.each([
    ['too long', 'x'.repeat(1_000_000), /1000000 characters at most; it has 1000\d+/],
    ['no JSON', 1n, /JSON; .*BigInt/],
  ])('are refused when they are %s', async (_fault, payload, message) => {
    await expect(stores[0].messages.send('t', payload)).rejects.toMatchObject({ id: 'services.storage.invalid_argument', message: expect.stringMatching(message) })
  })

  test('are heard by all others when one listener throws, and what is no message is not heard', async () => {
    const { topic, heard } = listen()
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    const stop = stores[1].messages.on(topic, () => { throw new Error('deaf') })
    const after: unknown[] = []
    stores[1].messages.on(topic, (payload) => after.push(payload))
    for (const noise of ['noise', '1/1:noise', '1/1:{}', '1/1:[1,2]', '1/1:["somebody"]', '1/2:["cut']) {
      await admin.query(`select pg_notify($1, $2)`, [`mortise_messages_${schema}`, noise])
    }
    await stores[0].messages.send(topic, 'heard')
    await until(() => after.length, (count) => count === 1)
    stop()
    expect([heard[1], after, warn.mock.calls]).toEqual([['heard'], ['heard'], [['A listener to messages between hosts threw: Error: deaf']]])
    warn.mockRestore()
  })

  test('may have been missed while the connection was lost, which is told; later ones arrive', async () => {
    const { topic, heard } = listen()
    let gaps = 0
    const stop = stores[1].messages.onGap(() => { gaps++ })
    await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where query = $1`, [`listen "mortise_messages_${schema}"`])
    await until(() => gaps, (count) => count >= 2, 10_000)
    stop()
    await stores[0].messages.send(topic, 'again')
    await until(() => heard[1]!, (told) => told.length === 1)
    expect(heard[1]).toEqual(['again'])
  })

  test('are refused once the store is closed', async () => {
    const store = openDocumentStore({ url: postgresUrl, schema })
    await store.start()
    await store.close()
    await expect(store.messages.send('t', 1)).rejects.toMatchObject({ id: 'services.storage.not_connected' })
  })
})
