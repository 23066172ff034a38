import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { builtInActions, hostEvents, Request, type RequestData } from '@mortise/sdk'
import { definePlugin } from '../../../test/support/define-plugin.js'
import { startBuiltIns, type StartedBuiltIns } from '../../../test/support/start-built-ins.js'

/** The rows of EVENTS.md: an action and the events it tells, in order. */
const table = readFileSync('libs/api/EVENTS.md', 'utf8').split('\n').filter((line) => line.startsWith('| `')).map((line) => {
  const [action = '', ...events] = [...line.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
  return { action, events }
})

const controllers = ['index', 'collection', 'document', 'bulk'] as const
const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

const actionEvents = controllers.flatMap((controller) => builtInActions[controller].flatMap((action) =>
  ['before', 'after', 'error'].map((time) => `${controller}:${time}${capital(action)}`)))
const genericEvents = hostEvents.filter((event) => event.startsWith('generic:'))
const storageEvents = hostEvents.filter((event) => event.startsWith('core:storage:'))

const documents = [{ _id: 'a', body: { n: 1 } }, { _id: 'b', body: { n: 2 } }]
const fresh = [{ _id: 'c', body: { n: 3 } }, { _id: 'd', body: { n: 4 } }]
const everything = { query: {}, changes: { n: 5 } }
const upserts = [{ _id: 'a', changes: { n: 6 } }, { _id: 'e', changes: { n: 7 } }]
const bulkData = [{ index: { _id: 'f' } }, { n: 8 }, { update: { _id: 'a' } }, { doc: { n: 9 } }, { delete: { _id: 'b' } }]

/** What each action is called with; the collection holds documents `a` and `b`. */
const samples: Record<string, Partial<RequestData> | undefined> = {
  'index:create': { index: 'fresh' },
  'index:mDelete': { body: { indexes: ['shop'] } },
  'collection:create': { collection: 'fresh', body: {} },
  'collection:update': { body: {} },
  'collection:updateMapping': { body: { properties: {} } },
  'collection:updateSpecifications': { body: {} },
  'collection:validateSpecifications': { body: {} },
  'collection:searchSpecifications': { body: {}, scroll: '1m' },
  'document:create': { body: {} },
  'document:createOrReplace': { _id: 'a', body: {} },
  'document:replace': { _id: 'a', body: {} },
  'document:update': { _id: 'a', body: {} },
  'document:upsert': { _id: 'a', body: { changes: {} } },
  'document:deleteFields': { _id: 'a', body: { fields: ['n'] } },
  'document:mCreate': { body: { documents: fresh } },
  'document:mCreateOrReplace': { body: { documents } },
  'document:mReplace': { body: { documents } },
  'document:mUpdate': { body: { documents } },
  'document:mUpsert': { body: { documents: upserts } },
  'document:mDelete': { body: { ids: ['a', 'b'] } },
  'document:mGet': { body: { ids: ['a', 'b'] } },
  'document:mExists': { body: { ids: ['a', 'b'] } },
  'document:updateByQuery': { body: everything },
  'document:deleteByQuery': { body: everything },
  'document:search': { body: {} },
  'document:count': { body: {} },
  'document:validate': { body: {} },
  'bulk:write': { body: {} },
  'bulk:mWrite': { body: { documents } },
  'bulk:import': { body: { bulkData } },
  'bulk:updateByQuery': { body: everything },
  'bulk:deleteByQuery': { body: everything },
}

describe('the table of events', () => {
  const heard: { event: string; payload: unknown }[] = []
  let host: StartedBuiltIns

  beforeAll(async () => {
    const note = (event: string) => (payload: unknown): unknown => {
      heard.push({ event, payload: copyOf(payload) })
      return payload
    }
    const pipes = [...actionEvents, ...genericEvents].map((event) => ({ event, name: 'Witness.pipe', handler: note(event) }))
    const hooks = storageEvents.map((event) => ({ event, name: 'Witness.hook', handler: note(event) }))
    host = await startBuiltIns({ plugins: [definePlugin({ name: 'witness', pipes, hooks })] })
  })

  afterAll(() => host.stop())

  beforeEach(async () => {
    for (const index of await host.store.listIndexes()) await host.store.deleteIndex(index)
    const place = { index: 'shop', collection: 'orders' }
    await host.store.createCollection(place)
    await host.store.mCreate(place, documents)
    heard.length = 0
  })

  const call = async (name: string, connection = 'websocket'): Promise<Request> => {
    const [controller, action] = name.split(':')
    const scrolled = action?.startsWith('scroll') ? { scrollId: await openScroll(host, controller as string) } : {}
    heard.length = 0
    const data = { controller, action, index: 'shop', collection: 'orders', _id: idFor(name), ...scrolled, ...structuredClone(samples[name]) }
    return host.pipeline.run(new Request(data, { connection: { protocol: connection } }))
  }

  test('has a row for every action of its controllers, and no other', () => {
    const actions = controllers.flatMap((controller) => builtInActions[controller].map((action) => `${controller}:${action}`))
    expect(table.map(({ action }) => action).sort()).toEqual(actions.sort())
  })

  test.each(table)('$action tells what it says', async ({ action, events }) => {
    if (action === 'collection:getSpecifications') await call('collection:updateSpecifications')
    const answer = await call(action, action === 'document:export' ? 'http' : 'websocket')
    expect(answer.error).toBeNull()
    expect(heard.map(({ event }) => event)).toEqual(events)
  })

  test('a generic event shows all documents of a request at once', async () => {
    const shown: Record<string, number[]> = {}
    for (const { action } of table.filter(({ events }) => events.some((event) => event.startsWith('generic:')))) {
      await host.store.createOrReplace({ index: 'shop', collection: 'orders' }, { _id: 'a', body: {} })
      await host.store.createOrReplace({ index: 'shop', collection: 'orders' }, { _id: 'b', body: {} })
      await call(action, action === 'document:export' ? 'http' : 'websocket')
      shown[action] = heard.filter(({ payload }) => Array.isArray(payload)).map(({ payload }) => (payload as unknown[]).length)
    }
    const many = ['mCreate', 'mCreateOrReplace', 'mReplace', 'mUpdate', 'mUpsert', 'mDelete', 'mGet', 'mExists']
    expect(Object.fromEntries(many.map((action) => [action, shown[`document:${action}`]])))
      .toEqual(Object.fromEntries(many.map((action) => [action, [2, 2]])))
    expect(shown['bulk:mWrite']).toEqual([2, 2])
    expect(shown['bulk:import']).toEqual([1, 1, 1, 1, 1, 1])
    expect(shown['document:create']).toEqual([1, 1])
  })

  test('an action that fails tells its error event in place of those after it', async () => {
    await host.store.deleteCollection({ index: 'shop', collection: 'orders' })
    await call('document:create')
    expect(heard.map(({ event }) => event)).toEqual([
      'generic:document:beforeWrite', 'document:beforeCreate', 'generic:document:injectMetadata', 'document:errorCreate',
    ])
  })

  test('a plugin\'s inner call of a bulk action is not heard', async () => {
    await call('bulk:import', 'funnel')
    expect(heard.filter(({ event }) => event.startsWith('generic:'))).toEqual([])
  })
})

const idFor = (name: string): string | undefined =>
  (['document:get', 'document:exists', 'document:delete'].includes(name) ? 'a' : undefined)

async function openScroll({ pipeline }: StartedBuiltIns, controller: string): Promise<string> {
  const action = controller === 'document' ? 'search' : 'searchSpecifications'
  const request = new Request({ controller, action, index: 'shop', collection: 'orders', size: 1, scroll: '1m', body: {} })
  return ((await pipeline.run(request)).result as { scrollId: string }).scrollId
}

/** Lists are copied, since pipes and actions go on with the same ones. */
const copyOf = (payload: unknown): unknown => (Array.isArray(payload) ? [...payload as unknown[]] : payload)
