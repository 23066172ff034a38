import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { BadRequestError, Controller, Plugin, Post, Strategies, type PassportRequest, type Request, type StrategyMethods, type Verified } from '@mortise/sdk'
import { BasicStrategy } from 'passport-http'
import { openSocket } from '../../support/start-doors.js'
import { startSecuredHost, type SecuredHost } from '../../support/start-secured-host.js'

/** Ways to log in are added and removed while the host runs, and over every transport from then on. */
class Doorkeeper implements StrategyMethods {
  constructor(private readonly word: string) {}

  async verify(_request: PassportRequest, name: string, word: string): Promise<Verified> {
    return word === this.word ? { kuid: name } : false
  }
  exists() { return true }
  create(): never { throw new BadRequestError('These credentials are kept elsewhere.') }
  update(): never { return this.create() }
  validate(): never { return this.create() }
  delete() { return undefined }
}

@Controller('ways')
class WaysController {
  constructor(private readonly strategies: Strategies) {}

  @Post('/add')
  add(request: Request): Promise<void> {
    return this.strategies.add(request.getBodyString('name'), { strategy: BasicStrategy, methods: new Doorkeeper(request.getBodyString('word')) })
  }

  @Post('/remove')
  remove(request: Request): Promise<void> {
    return this.strategies.remove(request.getBodyString('name'))
  }
}

@Plugin({ name: 'ways', controllers: [WaysController] })
class Ways {}

@Controller('others')
class OthersController {
  constructor(private readonly strategies: Strategies) {}

  @Post('/remove')
  remove(): Promise<void> {
    return this.strategies.remove('keeper')
  }
}

@Plugin({ name: 'others', controllers: [OthersController] })
class Others {}

let host: SecuredHost
let url: string
let port: number
let boss: string
let unload: () => Promise<void>

beforeAll(async () => {
  host = await startSecuredHost({ decorated: [Others] })
  unload = await host.load(Ways)
  boss = await host.found();
  ({ url, port } = await host.listen())
})
afterAll(() => host.close())

const change = async (controller: string, action: string, body: object = {}): Promise<string | undefined> => (await host.send({ controller, action, body, jwt: boss })).error?.id
const names = (): Promise<unknown> => host.call({ controller: 'auth', action: 'getStrategies', jwt: boss })

/** What a log-in is answered with over HTTP and, with the header made up by the socket's upgrade, over WebSocket. */
async function logIn(word: string): Promise<{ status: number; id?: string; user?: string; challenge: string | null }> {
  const response = await fetch(`${url}/_login/keeper`, { headers: { authorization: `Basic ${Buffer.from(`boss:${word}`).toString('base64')}` } })
  const { status, error, result } = await response.json() as { status: number; error: { id?: string } | null; result: { _id: string } | null }
  return { status, id: error?.id, user: result?._id, challenge: response.headers.get('www-authenticate') }
}

test('a way that is not there leads nowhere', async () => {
  expect(await names()).toEqual(['local'])
  expect(await logIn('open')).toMatchObject({ status: 400, id: 'security.credentials.unknown_strategy' })
})

test('one that is added is there with the next request, and challenges', async () => {
  expect(await change('ways/ways', 'add', { name: 'keeper', word: 'open' })).toBeUndefined()
  expect(await names()).toEqual(['local', 'keeper'])
  expect(await logIn('open')).toMatchObject({ status: 200, user: 'boss' })
  expect(await logIn('shut')).toMatchObject({ status: 401, challenge: expect.stringMatching(/^Basic realm=/) })
})

test('over WebSocket it is there as well', async () => {
  const client = await openSocket(port, '/', { headers: { authorization: `Basic ${Buffer.from('boss:open').toString('base64')}` } })
  expect(await client.ask({ controller: 'auth', action: 'login', strategy: 'keeper', requestId: '1' })).toMatchObject({ status: 200, result: { _id: 'boss' } })
  client.socket.close()
})

test('one that is added anew takes its own place at once', async () => {
  expect(await change('ways/ways', 'add', { name: 'keeper', word: 'sesame' })).toBeUndefined()
  expect((await logIn('open')).status).toBe(401)
  expect((await logIn('sesame')).status).toBe(200)
})

test('no plugin removes or replaces another\'s', async () => {
  expect(await change('others/others', 'remove')).toBe('plugin.strategy.unauthorized_removal')
  expect(await change('ways/ways', 'add', { name: 'local', word: 'open' })).toBe('plugin.strategy.unauthorized_removal')
  expect((await logIn('sesame')).status).toBe(200)
  expect(await host.logIn('boss', 'secret-1')).toMatch(/^kauth-/)
})

test('one that is removed is gone with the next request; tokens that it gave stay good', async () => {
  const answer = await fetch(`${url}/_login/keeper`, { headers: { authorization: `Basic ${Buffer.from('boss:sesame').toString('base64')}` } })
  const { result: { jwt } } = await answer.json() as { result: { jwt: string } }
  expect(await change('ways/ways', 'remove', { name: 'keeper' })).toBeUndefined()
  expect(await logIn('sesame')).toMatchObject({ status: 400, id: 'security.credentials.unknown_strategy' })
  expect(await host.call({ controller: 'auth', action: 'getCurrentUser', jwt })).toMatchObject({ _id: 'boss' })
})

test('those of a plugin go with it', async () => {
  await change('ways/ways', 'add', { name: 'keeper', word: 'open' })
  expect(await names()).toEqual(['local', 'keeper'])
  await unload()
  expect(await names()).toEqual(['local'])
  expect((await logIn('open')).status).toBe(400)
})
