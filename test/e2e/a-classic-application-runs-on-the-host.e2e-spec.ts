import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Http, Kuzzle, WebSocket } from 'kuzzle-sdk'
import { encryptSecret, installApplication } from '../support/install-application.js'
import { HostProcess } from '../support/run-host.js'
import { until } from '../support/until.js'

let root: string
let running: HostProcess
let port: number

beforeAll(async () => {
  root = installApplication('flower-shop')
  writeFileSync(join(root, 'secrets.enc.json'), JSON.stringify({ till: { owner: encryptSecret('Rosa', 'a key of the shop') } }))
  running = new HostProcess(join(root, 'app.js'), { cwd: root, env: { MORTISE_SERVER__PORT: '0' } })
  port = Number(new URL(await running.listening()).port)
})
afterAll(async () => {
  await running.stop()
  rmSync(root, { recursive: true, force: true })
})

const transports = { http: Http, websocket: WebSocket }

describe.each(['http', 'websocket'] as const)('an application of the classic kind, over %s', (transport) => {
  let client: Kuzzle
  const ask = async (controller: string, action: string, given: object = {}): Promise<unknown> => (await client.query({ controller, action, ...given })).result
  const rejection = (asked: Promise<unknown>): Promise<unknown> => asked.then(() => 'nothing', (error: unknown) => error)

  beforeAll(async () => {
    client = new Kuzzle(new transports[transport]('127.0.0.1', { port }))
    await client.connect()
    await client.document.createOrReplace('shop', 'flowers', 'rose', { name: 'rose', price: 3 })
  })
  afterAll(() => client.disconnect())

  test('answers by controllers that it registered, with its name, version and configuration', async () => {
    await expect(ask('desk', 'state')).resolves.toEqual({ name: 'flower-shop', version: '3.2.1', started: true, plugins: ['label'], writes: 7 })
  })

  test('answers by the methods of a controller that is a class, which use its client and arguments', async () => {
    await expect(ask('bouquet', 'price', { flower: 'rose', count: 4 })).resolves.toEqual({ price: 12 })
  })

  test('locks, has its pipes change what it triggers, and reads its vault', async () => {
    await expect(ask('bouquet', 'sell', { body: { flower: 'rose', count: 2 } })).resolves.toMatchObject({ flower: 'rose', sold: expect.any(Number), by: 'Rosa', node: expect.stringMatching(/^mortise-/) })
    await expect(running.said(/sold \d+ of rose/)).resolves.toBe('sold 4 of rose')
  })

  test('refuses by errors of its own', async () => {
    await expect(rejection(ask('bouquet', 'refuse', { flower: 'tulip' }))).resolves.toMatchObject({ id: 'shop.flowers.withered', status: 412, message: 'The tulip has withered.' })
  })

  test('has no Elasticsearch to give, and says by name what there is instead', async () => {
    await expect(rejection(ask('bouquet', 'client'))).resolves.toMatchObject({ id: 'plugin.runtime.unexpected_error', message: expect.stringContaining('app.storage.storageClient') })
  })

  test('has plugins with configuration, secrets and pipes', async () => {
    await expect(ask('label', 'show')).resolves.toEqual({ sign: '*', secret: 'Rosa' })
    await expect(client.document.create('shop', 'flowers', { name: 'iris', price: 1 })).resolves.toMatchObject({ _source: { name: '* iris' } })
  })

  test('has pipes refuse, and hooks hear, also those registered while it runs', async () => {
    await client.document.createOrReplace('shop', 'flowers', 'last', { name: 'last', price: 1 })
    await expect(rejection(client.document.delete('shop', 'flowers', 'last'))).resolves.toMatchObject({ status: 400, message: expect.stringContaining('The last flower stays.') })
    await ask('desk', 'listen', { event: `document:after${transport === 'http' ? 'Exists' : 'Count'}` })
    await client.document.delete('shop', 'flowers', 'rose')
    await (transport === 'http' ? client.document.exists('shop', 'flowers', 'rose') : client.document.count('shop', 'flowers'))
    const heard = await ask('desk', 'heard') as string[]
    expect(heard).toEqual(expect.arrayContaining(['live', 'deleted rose', `late document:after${transport === 'http' ? 'Exists' : 'Count'}`]))
  })

  test.each([
    ['plugin', 'plugin'], ['controller', 'controller'], ['use', 'controller'], ['config', 'config'], ['errors', 'errors'], ['import', 'import'], ['vault', 'vault.key'], ['start', 'start'],
  ])('refuses "%s" once it runs', async (what, member) => {
    await expect(rejection(ask('desk', 'late', { what }))).resolves.toMatchObject({ id: 'plugin.runtime.already_started', message: expect.stringContaining(`"${member}"`) })
  })

  test('is shown apart from its plugins', async () => {
    const { serverInfo: { kuzzle } } = await client.server.info({}) as { serverInfo: { kuzzle: Record<string, object> } }
    expect(kuzzle.application).toMatchObject({
      name: 'flower-shop', version: '3.2.1', commit: null, pipes: expect.arrayContaining(['shop:counting']), hooks: ['document:afterDelete', 'kuzzle:state:live'],
      controllers: { desk: { state: { http: [{ verb: 'GET', path: '/_/desk/state' }] } }, bouquet: expect.anything() },
    })
    expect(Object.keys(kuzzle.plugins ?? {})).toContain('label')
    expect(Object.keys(kuzzle.plugins ?? {})).not.toContain('flower-shop')
  })
})

describe('what an application imports', () => {
  const ask = async (path: string): Promise<unknown> => ((await (await fetch(`http://127.0.0.1:${port}${path}`)).json()) as { result: unknown }).result

  test.each([
    ['collections', '/shop/flowers/_mapping', { properties: { price: { type: 'float' } } }],
    ['roles', '/roles/gardener', { _source: { controllers: { bouquet: { actions: { '*': true } } } } }],
    ['profiles', '/profiles/gardener', { _source: { policies: [{ roleId: 'gardener' }] } }],
    ['users', '/users/flora', { _source: { profileIds: ['gardener'], nickname: 'Flo' } }],
    ['mappings of users', '/users/_mapping', { mapping: { nickname: { type: 'keyword' } } }],
  ])('%s are there once it runs', async (_kind, path, found) => {
    await expect(ask(path)).resolves.toMatchObject(found)
  })
})

describe('over HTTP', () => {
  const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`)

  test('actions have the routes they declare, and those of their name', async () => {
    await fetch(`http://127.0.0.1:${port}/shop/flowers/rose`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{"name":"rose","price":3}' })
    await expect((await get('/_/bouquets/rose/price')).json()).resolves.toMatchObject({ result: { price: 3 } })
    await expect((await get('/_/bouquet/refuse?flower=aster')).json()).resolves.toMatchObject({ error: { id: 'shop.flowers.withered' } })
  })

  test('streams go out as they come', async () => {
    const answer = await get('/_/bouquet/list')
    expect((await answer.text()).split('\n')).toContain('* iris')
  })

  test('the application describes itself in OpenAPI', async () => {
    const described = await (await get('/_openapi?scope=app')).json() as { info: object; components: { schemas: object }; paths: object }
    expect(described.info).toMatchObject({ title: 'flower-shop API', version: '3.2.1' })
    expect(Object.keys(described.components.schemas)).toEqual(expect.arrayContaining(['Flower', 'Answer']))
    expect(Object.keys(described.paths)).toContain('/_/bouquets/{flower}/price')
    await expect((await get('/_openapi?scope=kuzzle')).json()).resolves.not.toMatchObject({ info: { title: 'flower-shop API' } })
  })
})

test('a subscription that the application made tells its client of changes', async () => {
  const client = new Kuzzle(new WebSocket('127.0.0.1', { port }))
  await client.connect()
  const told: { room?: string; result?: { _id?: string } }[] = []
  client.protocol.on('networkRequest', () => undefined)
  const { result: { roomId } } = await client.query<{ controller: string; action: string }, { roomId: string }>({ controller: 'bouquet', action: 'follow' })
  const socket = (client.protocol as unknown as { client: { addEventListener(name: string, hear: (event: { data: string }) => void): void } }).client
  socket.addEventListener('message', ({ data }) => told.push(JSON.parse(data) as typeof told[number]))
  await client.document.create('shop', 'flowers', { name: 'fern', price: 1 }, 'fern')
  await until(() => told, (seen) => seen.some(({ room, result }) => room?.startsWith(roomId) && result?._id === 'fern'))
  client.disconnect()
})
