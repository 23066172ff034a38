import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createTestHost, type TestHost } from '@mortise/sdk/testing'

/** Arguments that are missing, and some of every wrong kind. */
const GIVEN: readonly Record<string, unknown>[] = [
  {},
  { _id: 'k' },
  { _id: 'k', body: {} },
  {
    _id: 'k', keys: {}, members: 4, options: 7, limit: 'x', cursor: {}, start: [], stop: {}, field: [], min: {}, max: null,
    body: { value: {}, values: 5, members: {}, keys: 3, entries: [1], elements: [null], points: ['x'], fields: {}, seconds: 'x', field: [], options: {}, limit: {}, actions: [null] },
  },
  ...[5, 'get', { action: 5 }, { action: 'get', args: 'k' }, { action: 'get', args: null }, { action: 'get', args: { _id: {} } }].map((action) => ({ body: { actions: [action] } })),
]

let host: TestHost
let actions: string[]
beforeAll(async () => {
  host = await createTestHost({ plugins: [] })
  actions = Object.keys((await host.call<{ ms: object }>({ controller: 'server', action: 'publicApi' })).ms)
})
afterAll(() => host.close())

test('whatever is sent to an action of ms, it does its work or says what is wrong with what it was sent', async () => {
  expect(actions.length).toBeGreaterThan(100)
  const unforeseen: unknown[] = []
  for (const action of actions) {
    for (const data of GIVEN) {
      const { status, error } = await host.send({ controller: 'ms', action, ...data })
      // What the store itself refuses is told in its own words.
      if (status >= 500 && error?.id !== 'services.cache.read_failed') unforeseen.push([action, data, error])
    }
  }
  expect(unforeseen).toEqual([])
})
