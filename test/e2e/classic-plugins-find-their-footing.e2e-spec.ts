import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { startHost, type StartedHost } from '../support/start-host.js'

/** A plugin that changes what its module shares with other instances, as many do with their defaults. */
const defaults: { list: string[] } = { list: [] }
class SharedPlugin {
  config!: typeof defaults
  readonly api = {}

  init(config: Partial<typeof defaults>): void {
    this.config = Object.assign(defaults, config)
    this.config.list.push(this.constructor.name)
  }
}
class OnePlugin extends SharedPlugin {}
class TwoPlugin extends SharedPlugin {}

describe('a classic plugin at the edges of its contract', () => {
  let host: StartedHost
  let ask: StartedHost['ask']

  beforeAll(async () => {
    host = await startHost({ enabled: ['classic-that-trips', 'classic-that-was-compiled'] })
    ask = host.ask
  })
  afterAll(() => host.close())

  const heard = async (): Promise<unknown[][]> => (await ask('GET', '/_/edges/heard')).body.result
  const hears = async (event: string): Promise<unknown[] | undefined> => (await heard()).find((given) => given.includes(event))

  test('has routes without parameters win over those with, and over the host\'s own', async () => {
    expect((await ask('POST', '/_/payload/dummy-temp', { body: {} })).body).toMatchObject({ result: { known: true } })
    expect((await ask('POST', '/_/payload/other', { body: {} })).body).toMatchObject({ result: { any: 'other' } })
    expect((await ask('GET', '/_/hello/foo')).body).toMatchObject({ controller: 'payloads', action: 'hello', result: 'foo' })
    expect((await ask('GET', '/file/foo/bar')).body).toMatchObject({ controller: 'payloads', result: 'foo' })
  })

  test('may export its class by name, derived from the one that the host gives it', async () => {
    expect((await ask('GET', '/_/tills/ring')).body).toMatchObject({ controller: 'tills', result: { price: 3, started: true } })
    expect(host.host.report.plugins.map(({ definition }) => definition.name)).toEqual(['classic-that-trips', 'corner-shop'])
  })

  test('requires lodash without declaring it', async () => {
    expect((await ask('GET', '/_/edges/name')).body.result).toBe('undeclared-yet-there')
  })

  test('knows the anonymous user by the id that all hosts give', async () => {
    expect((await ask('GET', '/_/edges/whoami')).body.result).toEqual({ _id: '-1', profileIds: ['anonymous'] })
  })

  test('tells an index that exists by the id and the words of its error', async () => {
    expect((await ask('GET', '/_/edges/make-twice')).body.result).toEqual({ id: 'services.storage.index_already_exists', message: expect.stringContaining('already exists') })
  })

  test('pushes pipes into a list while it starts, which get documents and request', async () => {
    await ask('POST', '/twice/_create')
    await ask('POST', '/twice/shelf/_create', { body: {} })
    await ask('PUT', '/twice/shelf', { body: {} })
    expect((await ask('POST', '/twice/shelf/_create', { body: { title: 'Emma' } })).body.result).toMatchObject({ _source: { title: 'Emma', collection: 'shelf' } })
  })

  test('redirects with a whole answer, whatever length the strategy has set', async () => {
    const response = await fetch(`${host.url}/_login/away`, { redirect: 'manual' })
    expect([response.status, response.headers.get('location')]).toEqual([302, 'https://id.example/authorize?client=7'])
    expect(await response.json()).toMatchObject({ status: 302, action: 'login', result: { headers: { Location: 'https://id.example/authorize?client=7' }, statusCode: 302 } })
  })

  test('hears the host\'s log, its start, and of hooks that failed', async () => {
    expect(await ask('GET', '/_/edges/warn')).toMatchObject({ status: 200, body: { error: null } })
    expect(await ask('GET', '/_now')).toMatchObject({ status: 200 })
    expect(await hears('log:warn')).toEqual(['mind the gap', 'log:warn'])
    expect(await hears('core:kuzzleStart')).toEqual([expect.any(String), 'core:kuzzleStart'])
    expect(await hears('server:afterNow')).toEqual([expect.stringContaining('tripped over a hook'), 'server:afterNow', 'classic-that-trips'])
  })
})

test.each(['^1.5.0', '^2.4.0'])('plugins of one module get configurations of their own, whatever they do with them', async (kuzzleVersion) => {
  const [one, two] = [new OnePlugin(), new TwoPlugin()]
  const given = { one: { list: ['a'], kuzzleVersion }, two: { list: ['b'], kuzzleVersion } }
  const host = await startHost({ plugins: [one, two], config: { plugins: given as never } })
  await host.close()
  expect(one.config.list).toEqual(['b', 'TwoPlugin'])
  expect(given).toEqual({ one: { list: ['a'], kuzzleVersion }, two: { list: ['b'], kuzzleVersion } })
})
