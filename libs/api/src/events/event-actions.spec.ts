import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { Request, RequestData } from '@mortise/sdk'
import type { Recorder } from '@app/storage'
import { callAction, toRequest } from '../../../../test/support/call-action.js'
import { startBuiltIns, type StartedBuiltIns } from '../../../../test/support/start-built-ins.js'

let host: StartedBuiltIns

/** Two dead letters of each plugin, and one that waits. */
beforeEach(async () => {
  host = await startBuiltIns()
  const place = { index: 'shop', collection: 'orders' }
  await host.store.createCollection(place)
  for (const plugin of ['bills', 'mails']) {
    const recorder: Recorder = ({ document: { _id } }) => [{ key: `${plugin}-${_id}`, plugin, listener: `${plugin}/It.hear`, event: 'e', entity: _id, payload: '{"document":{}}' }]
    await host.store.mCreate({ ...place, recorder }, ['1', '2', '3'].map((n) => ({ _id: `${plugin}${n}`, body: {} })))
  }
  const claimed = await host.store.outbox.claim({ listeners: ['bills/It.hear', 'mails/It.hear'], owner: 'me', now: 1, until: 2, entities: 10 })
  for (const { n, key } of claimed) if (!key.endsWith('3')) await host.store.outbox.fail('me', { n, error: 'no' })
})
afterEach(() => host.stop())

const call = (action: string, rest: Partial<RequestData> = {}): Promise<Request> => callAction(host.pipeline, { controller: 'events', action, ...rest })
const failed = async (rest: Partial<RequestData> = {}): Promise<unknown> => (await call('failed', rest)).result

test('failed deliveries are shown in pages, with what they tell and why they failed', async () => {
  expect(await failed({ size: 1, from: 1 })).toEqual({
    total: 4,
    deliveries: [{
      key: 'bills-bills2', plugin: 'bills', listener: 'bills/It.hear', event: 'e', entity: 'bills2', payload: { document: {} }, attempts: 1, error: 'no', createdAt: expect.any(Number),
    }],
    listeners: [{ plugin: 'bills', listener: 'bills/It.hear', waiting: 1, dead: 2 }, { plugin: 'mails', listener: 'mails/It.hear', waiting: 1, dead: 2 }],
  })
  expect(await failed({ plugin: 'mails' })).toMatchObject({ total: 2 })
})

test('some, those of a plugin, or all are retried', async () => {
  expect((await call('retry', { keys: ['bills-bills1', 'mails-mails1'], plugin: 'bills' })).result).toEqual({ retried: 1 })
  expect((await call('retry', { plugin: 'mails' })).result).toEqual({ retried: 2 })
  expect((await call('retry', { all: true })).result).toEqual({ retried: 1 })
  expect(await failed()).toMatchObject({ total: 0 })
})

test('some are dropped over HTTP, and the others stay', async () => {
  const { result } = await host.pipeline.run(toRequest(host.registry, { method: 'POST', url: '/events/_drop?keys=bills-bills1,mails-mails2' }) as Request)
  expect(result).toEqual({ dropped: 2 })
  expect(await failed()).toMatchObject({ total: 2 })
})

test.each(['retry', 'drop'])('%s without saying which is refused', async (action) => {
  expect((await call(action)).error).toMatchObject({ id: 'api.assert.missing_argument', status: 400 })
  expect(await failed()).toMatchObject({ total: 4 })
})
