import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { startHost, type StartedHost } from '../../support/start-host.js'

const NAME = 'classic-of-either-era'
const FUNCTION = 'classic-that-is-a-function'

/** What a trial of the fixture comes to for plugins of the first generation, and of the second where that differs. */
const TRIALS: [promise: string, trial: string, first: unknown, second?: unknown][] = [
  ['requests from within are silent', 'silence-within', 0],
  ['what is missing is null in users, and an error elsewhere', 'missing-documents', { users: null, others: { id: 'services.storage.not_found', status: 404, message: expect.any(String) } }],
  ['the store\'s errors have the ids that plugins look for', 'error-ids', ['services.storage.document_already_exists', 'services.storage.index_already_exists']],
  ['requests are made with and without new', 'request-without-new', [true, true, 1]],
  ['repositories write raw documents and read instances', 'repositories', { raw: { _id: 'penny', _source: { value: 1 } }, author: null, got: [true, 'penny', 1], found: [true, 1], total: 1 }],
  ['collections that were never made are empty', 'unmade-collections', 0],
  ['what they store is in no index that clients see', 'own-index', []],
  ['they hear that the host has started', 'started', 'core:kuzzleStart'],
  ['nobody has the id -1', 'anonymous', '-1'],
  ['modules of the host, and its globals, are there', 'modules', ['function', 'function', true, 'function', true]],
  ['configurations are copies', 'config', { isFrozen: false, version: '1.12.0', own: 'red' }, { isFrozen: true, version: '2.56.0', own: 'red' }],
  ['error classes of both generations are there', 'error-classes', [400, 503, 412, 206, 418]],
  ['filters have both of their names', 'koncorde', true],
  ['events are triggered with colons in the second generation only', 'colons', { id: 'plugin.context.invalid_event', status: 500, message: expect.any(String) }, 'nothing'],
  ['answers have the shapes of their generation', 'results',
    { one: ['number', true, 'undefined'], found: ['number', true, 'undefined'], scrolls: 'string', many: ['hits', 'total'], total: 1, fetched: ['number', true, 'undefined'] },
    { one: ['undefined', null, 'number'], found: ['undefined', null, 'number'], scrolls: 'undefined', many: ['successes', 'errors'] }],
  ['arguments show as a resource, which may be written to', 'resource', ['written', 'written', 'function']],
  ['connections have the names of both generations', 'connection', ['c1', 'carrier pigeon']],
]

describe.each([['first', '^1.5.0', 0], ['second', '^2.4.0', 1]] as const)('a plugin of the %s generation', (era, kuzzleVersion, place) => {
  let host: StartedHost
  const ask: StartedHost['ask'] = (...given) => host.ask(...given)
  const tell = async (trial: string): Promise<unknown> => (await ask('GET', `/_plugin/${NAME}/trials/${trial}`)).body.result
  const heardBy = async (event: () => Promise<unknown>): Promise<unknown[][]> => {
    await tell('heard')
    await event()
    return await tell('heard') as unknown[][]
  }

  beforeAll(async () => {
    host = await startHost({ enabled: [NAME, FUNCTION], config: { plugins: { [NAME]: { kuzzleVersion, colour: 'red', era, pipeTimeout: 100 }, [FUNCTION]: { kuzzleVersion } } as never } })
    await ask('POST', '/trial/_create')
    await ask('PUT', '/trial/answers')
    await ask('PUT', '/trial/written')
  })
  afterAll(() => host.close())

  test.each(TRIALS)('%s', async (_promise, trial, ...outcomes) => {
    const expected = outcomes[place] ?? outcomes[0]
    expect(await tell(trial)).toEqual(expected)
  })

  test('declares listeners in init, in lists and by getters, which call back or promise', async () => {
    expect((await ask('POST', '/trial/written/_create', { body: { title: 'x' } })).body.result._source).toMatchObject({ stamps: 2, action: 'create' })
  })

  test('hears events with all their arguments, or with the first, and their name last', async () => {
    const heard = await heardBy(() => ask('POST', '/trial/written/_create', { body: {} }))
    expect(heard).toContainEqual(['all', place === 0 ? 2 : 3, 'generic:document:afterWrite'])
  })

  test('hears patterns, which are what it is told as the event', async () => {
    const heard = await heardBy(() => ask('POST', '/trial/written/_create', { body: {} }))
    expect(heard).toEqual(expect.arrayContaining([['scope', 'generic:*'], ['scope', 'document:after*'], ['any', '*:*']]))
  })

  test('hears everything by *:*', async () => {
    const [one, other] = [await heardBy(() => ask('GET', '/_serverInfo')), await heardBy(async () => undefined)]
    const count = (heard: unknown[][]): number => heard.filter(([kind]) => kind === 'any').length
    expect(count(one)).toBeGreaterThan(count(other))
  })

  test('breaks no request by a hook that throws, and hears of it', async () => {
    const heard = await heardBy(async () => expect(await ask('GET', '/_now')).toMatchObject({ status: 200 }))
    expect(heard).toContainEqual(['fault', 'server:afterNow', NAME])
  })

  test('hears what the host logs', async () => {
    expect(await heardBy(async () => host.host.rooms.bus.log('warn', 'mind the step'))).toContainEqual(['log', 'log:warn'])
  })

  test('sees the state of notifications where its generation had one', async () => {
    const { bus } = host.host.rooms
    const heard = await heardBy(() => bus.emit('notify:document', { event: 'write' }))
    expect(heard).toContainEqual(place === 0 ? ['notice', 'done'] : ['notice'].concat([null as never]))
  })

  test('answers on its own routes, and on short ones in the second generation only', async () => {
    const [own, nothing, short] = [await ask('GET', `/_plugin/${NAME}/trials/own/ann`), await ask('GET', `/_plugin/${NAME}/trials/nothing`), await ask('GET', '/_/trials/own/ann')]
    expect([own.body.result, own.body.controller, nothing.status, nothing.body.error]).toEqual(['own ann', `${NAME}/trials`, 200, null])
    expect((await ask('GET', '/_/trials/nothing')).status === 200 || short.status === 200).toBe(place === 1)
  })

  test.each([['raw', 200], ['configured', 203]])('answers raw by response.%s', async (action, status) => {
    expect(await ask('GET', `/_plugin/${NAME}/trials/${action}`)).toMatchObject({ status, text: 'as it is' })
  })

  test('answers raw from a pipe', async () => {
    expect(await ask('GET', '/_serverInfo?format=plain')).toMatchObject({ status: 200, text: 'as plain text' })
    expect((await ask('GET', '/_serverInfo')).body.result).toHaveProperty('serverInfo')
  })

  test('may be a plain function, called by the name in its package.json', async () => {
    await ask('GET', '/_now')
    expect(await ask('POST', `/_plugin/${FUNCTION}/seen`)).toMatchObject({ status: 200, body: { controller: `${FUNCTION}/greetings`, result: expect.arrayContaining([['server:afterNow']]) } })
  })

  test('logs in by a strategy that redirects, with a whole answer', async () => {
    const response = await fetch(`${host.url}/_login/away`, { redirect: 'manual' })
    expect([response.status, response.headers.get('location')]).toEqual([302, 'https://id.example/authorize'])
    expect(await response.json()).toMatchObject({ status: 302, action: 'login' })
  })

  test('has a pipe that does not answer end with 504, where a time is set', async () => {
    expect(await ask('GET', '/_getConfig')).toMatchObject({ status: 504, body: { error: { id: 'plugin.runtime.pipe_timeout' } } })
  })

  test('fails to start when init comes to false, in the first generation only', async () => {
    class Sulking {
      api = {}
      init(): Promise<boolean> { return Promise.resolve(false) }
    }
    const starting = startHost({ plugins: [new Sulking()], config: { plugins: { sulking: { kuzzleVersion } } as never } })
    const outcome = await starting.then(async (started) => { await started.close(); return 'started' }, (error: Error) => error.message)
    expect(outcome).toMatch(place === 0 ? /failed_init/ : /^started$/)
  })

  test('fails with errors of its manifest, and what it added to them', async () => {
    expect(await ask('GET', `/_plugin/${NAME}/trials/sold`)).toMatchObject({ status: 412, body: { error: { id: `plugin.${NAME}.sold_out`, message: 'rose is sold out', since: 'noon' } } })
  })
})

describe('a plugin made for 1.1', () => {
  let host: StartedHost
  const tell = async (trial: string): Promise<unknown> => (await host.ask('GET', `/_plugin/${NAME}/trials/${trial}`)).body.result

  beforeAll(async () => { host = await startHost({ enabled: [NAME], config: { plugins: { [NAME]: { kuzzleVersion: '1.1.0', era: 'first' } } as never } }) })
  afterAll(() => host.close())

  test.each<[promise: string, trial: string, outcome: unknown]>([
    ['has its requests from within heard, once', 'heard-within', 1],
    ['gets null for whatever is missing', 'missing-documents', { users: null, others: 'nothing' }],
    ['searches by a bare query', 'bare-search', expect.objectContaining({ id: 1 })],
  ])('%s', async (_promise, trial, outcome) => {
    expect(await tell(trial)).toEqual(outcome)
  })
})

describe('a plugin from before the first release', () => {
  const OLD = 'classic-from-long-ago'
  let host: StartedHost
  const heard = async (): Promise<{ heard: unknown[]; config: object; isDummy: boolean }> => (await host.ask('GET', `/_plugin/${OLD}/heard`)).body.result

  beforeAll(async () => {
    host = await startHost({ enabled: [OLD], config: { plugins: { [OLD]: { more: true } } as never } })
    await host.ask('POST', '/trial/_create')
    await host.ask('PUT', '/trial/old')
  })
  afterAll(() => host.close())

  test('runs in the host, whatever threads it asks for, with the defaults of its package.json', async () => {
    expect(await heard()).toMatchObject({ config: { mark: 'old', threads: 1, more: true }, isDummy: false })
  })

  test('changes and hears of documents by the names that their events had', async () => {
    expect((await host.ask('POST', '/trial/old/_create', { body: { n: 1 } })).body.result._source).toMatchObject({ n: 1, mark: 'old' })
    await host.ask('POST', '/trial/old/_publish', { body: { n: 2 } })
    expect((await heard()).heard).toEqual(expect.arrayContaining([['create', 'data:afterCreate'], ['create', 'data:*'], ['publish', 'data:beforePublish']]))
    expect(host.logs.filter(({ msg }) => /which nothing emits/.test(msg ?? ''))).toEqual([])
  })

  test('formats users before they are sent, one by one and in lists', async () => {
    await host.ask('POST', '/users/ann/_create', { body: { content: { profileIds: ['default'], pin: 7 } } })
    const one = await host.ask('GET', '/users/ann')
    const many = await host.ask('POST', '/users/_search', { body: {} })
    expect(one.body.result._source).toMatchObject({ shown: true, named: 'by an old pipe' })
    expect(one.body.result._source).not.toHaveProperty('pin')
    expect(many.body.result).toMatchObject({ total: 1, hits: [{ _id: 'ann', _source: { shown: true } }] })
    expect(many.text).not.toContain('"pin"')
  })
})
