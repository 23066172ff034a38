import { openClient } from '../../plugins/available/mqtt/test/open-client.js'
import type { MortiseConfigInput } from '../../src/index.js'
import { openSocket } from './start-doors.js'
import { startHost, type HostOptions } from './start-host.js'

/** Ways in that take a whole request as the client wrote it. */
export const doors = ['HTTP', 'WebSocket', 'MQTT'] as const

export type Door = (typeof doors)[number]

/** What a request is answered with, over any door. */
export interface Answer {
  readonly status: number
  /* eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look at whatever comes */
  readonly result: any
  readonly error: { readonly id?: string; readonly status: number; readonly message: string } | null
}

/** What may come instead of an answer: a client that loses its token, or hears a notification, is told so in between. */
type Heard = Answer & { readonly type?: string }

/** The next that comes and is an answer. */
async function answerOf(receive: () => Promise<Heard>): Promise<Answer> {
  for (;;) {
    const heard = await receive()
    if (heard.type === undefined) return heard
  }
}

const credentials = (username: string, password: string): object => ({ local: { username, password } })

/**
 * The whole host as an attacker meets it, over three doors: `boss` may do
 * everything; `ann` may `get`, `search`, `count`, `mGet` and `create` in
 * `shop/orders`, subscribe there and look after herself, and everybody else may
 * log in. Each of `shop/orders` and `vault/orders` holds a document `one`, that of the vault with `{ secret: true }`.
 */
export async function startAttackedHost({ config, secrets }: { config?: Omit<MortiseConfigInput, 'plugins'>; secrets?: HostOptions['secrets'] } = {}) {
  const plugins = { mqtt: { port: 0, host: '127.0.0.1' } }
  const host = await startHost({ enabled: ['mqtt', 'auth-local'], secrets, config: { limits: { loginsPerSecond: 0 }, ...config, plugins } })
  const mqttPort = Number(/\d+/.exec(host.logs.find(({ msg }) => msg?.startsWith('MQTT listens'))?.msg ?? '')?.[0])
  const [socket, device] = await Promise.all([openSocket(host.port), openClient(mqttPort)])

  const askers: Record<Door, (frame: string) => Promise<Answer>> = {
    HTTP: async (frame) => (await host.ask('POST', '/_query', { body: frame, headers: { 'content-type': 'application/json' } })).body as Answer,
    WebSocket: (frame) => {
      socket.send(frame)
      return answerOf(() => socket.receive())
    },
    MQTT: async (frame) => {
      await device.client.publishAsync('Kuzzle/request', frame)
      return answerOf(async () => (await device.receive()).payload as Heard)
    },
  }
  /** Sends a request, or its text as it stands; a token goes in front of everything else. */
  const send = (door: Door, request: object | string, jwt?: string): Promise<Answer> => {
    const text = typeof request === 'string' ? request : JSON.stringify(request)
    return askers[door](`{"requestId":"attack"${jwt === undefined ? '' : `,"jwt":"${jwt}"`},${text.slice(1)}`)
  }
  const call = async (request: object, jwt?: string): Promise<Answer['result']> => {
    const { error, result } = await send('HTTP', request, jwt)
    if (error) throw new Error(`${error.id}: ${error.message}`)
    return result
  }
  const logIn = async (username: string, password: string): Promise<string> =>
    (await call({ controller: 'auth', action: 'login', strategy: 'local', body: { username, password } })).jwt as string

  for (const index of ['shop', 'vault']) {
    await call({ controller: 'index', action: 'create', index })
    await call({ controller: 'collection', action: 'create', index, collection: 'orders' })
    await call({ controller: 'document', action: 'create', index, collection: 'orders', _id: 'one', body: { secret: index === 'vault', name: index } })
  }
  await call({ controller: 'security', action: 'createFirstAdmin', _id: 'boss', reset: true, body: { content: {}, credentials: credentials('boss', 'secret-1') } })
  const boss = await logIn('boss', 'secret-1')
  const asBoss = (action: string, data: object): Promise<Answer['result']> => call({ controller: 'security', action, ...data }, boss)
  const actions = { get: true, search: true, create: true, mGet: true, count: true }
  await asBoss('createRole', { _id: 'reader', body: { controllers: { document: { actions }, auth: { actions: { '*': true } }, realtime: { actions: { subscribe: true } } } } })
  await asBoss('createProfile', { _id: 'clerk', body: { policies: [{ roleId: 'reader', restrictedTo: [{ index: 'shop', collections: ['orders'] }] }] } })
  await asBoss('createUser', { _id: 'ann', body: { content: { profileIds: ['clerk'] }, credentials: credentials('ann', 'secret-2') } })
  const ann = await logIn('ann', 'secret-2')

  /** Whether a device that shows a token in place of a password is let in. */
  const letsIn = async (token: string): Promise<boolean> => {
    const connected = await openClient(mqttPort, { username: 'token', password: token }).catch(() => undefined)
    await connected?.client.endAsync(true)
    return connected !== undefined
  }
  const close = async (): Promise<void> => {
    socket.socket.close()
    await device.client.endAsync(true)
    await host.close()
  }
  /** What ann must be allowed, and what must stay closed to her, whatever was tried before. */
  const isAsItWas = async (): Promise<boolean> => {
    const found = await send('HTTP', { controller: 'document', action: 'get', index: 'shop', collection: 'orders', _id: 'one' }, ann)
    const secret = await send('HTTP', { controller: 'document', action: 'get', index: 'vault', collection: 'orders', _id: 'one' }, ann)
    const { profileIds } = (await asBoss('getUser', { _id: 'ann' }))._source as { profileIds: string[] }
    const vault = await call({ controller: 'document', action: 'get', index: 'vault', collection: 'orders', _id: 'one' }, boss)
    return found.status === 200 && secret.status === 403 && profileIds.join() === 'clerk' && vault._source.secret === true
  }
  return { ...host, mqttPort, boss, ann, send, call, asBoss, logIn, letsIn, isAsItWas, close }
}

export type AttackedHost = Awaited<ReturnType<typeof startAttackedHost>>
