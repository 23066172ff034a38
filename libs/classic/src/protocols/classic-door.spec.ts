import { describe, expect, test } from '@jest/globals'
import { Request, type ClientConnection, type EntryPoint, type ResponsePayload } from '@mortise/sdk'
import { RecordingLogger } from '../../../../test/support/recording-logger.js'
import type { ClassicPlugin } from '../classic-plugin.js'
import type { ParentProtocol } from './parent-protocol.js'
import { ClassicDoor, isProtocol } from './classic-door.js'
import type { ClassicEntryPoint } from './classic-entry-point.js'

interface DoorContext {
  readonly Protocol: typeof ParentProtocol
  readonly ClientConnection: new (protocol: string, ips: string[]) => ClientConnection
  readonly Request: (data: object, options?: object) => Request
  readonly errors: Record<string, new (message: string) => Error>
}

/** A way in that answers each request with who asked what. */
class Echo implements EntryPoint {
  readonly config = { maxRequestSize: 100, development: false, protocols: { lines: { port: 7 } } }
  readonly connected = new Set<string>()
  isShuttingDown = false

  newConnection({ id }: ClientConnection): void { this.connected.add(id) }
  removeConnection(id: string): void { this.connected.delete(id) }
  parseJson(text: string): unknown { return JSON.parse(text) }

  execute(connection: ClientConnection, { input, id }: Request): Promise<ResponsePayload> {
    return Promise.resolve({ status: 200, requestId: id, raw: false, headers: {}, content: { by: connection.id, action: input.action } } as unknown as ResponsePayload)
  }
}

/** A plugin that keeps what it is given. */
class Lines {
  asked: unknown[][] = []
  entryPoint!: ClassicEntryPoint & Record<string, unknown>
  context!: DoorContext

  init(entryPoint: Lines['entryPoint'], context: DoorContext): void {
    this.entryPoint = entryPoint
    this.context = context
  }

  broadcast(...given: unknown[]): void { this.asked.push(['broadcast', ...given]) }
  notify(...given: unknown[]): void { this.asked.push(['notify', ...given]) }
  joinChannel(channel: unknown, connectionId?: unknown): void { this.asked.push(['join', channel, connectionId]) }
  leaveChannel({ channel }: { channel: string }): void { this.asked.push(['leave', channel]) }
  disconnect(...given: unknown[]): void { this.asked.push(['disconnect', ...given]) }
}

async function openDoor(config: Record<string, unknown> = {}, plugin = new Lines()) {
  const logger = new RecordingLogger()
  const echo = new Echo()
  const door = new ClassicDoor({ name: 'lines', plugin: plugin as unknown as ClassicPlugin, config, logger })
  await door.start(echo)
  const { entryPoint, context } = plugin
  const execute = (...given: unknown[]): Promise<ResponsePayload> => new Promise((answered) => { entryPoint.execute(...given, answered) })
  return { door, echo, logger, plugin, entryPoint, context, execute }
}

describe('a protocol plugin', () => {
  test('is told by its methods', () => {
    expect(isProtocol(new Lines() as unknown as ClassicPlugin)).toBe(true)
    expect(isProtocol({ init: () => {}, broadcast: () => {}, notify: () => {} })).toBe(false)
  })

  test('finds its configuration wherever its generation looks', async () => {
    const { entryPoint } = await openDoor({ host: 'here', port: 8, execute: 'mine' })
    const section = { host: 'here', port: 8, execute: 'mine' }
    expect(entryPoint.config).toMatchObject({ maxRequestSize: 100, protocols: { lines: section }, lines: section })
    expect([entryPoint.host, entryPoint.port]).toEqual(['here', 8])
    expect(entryPoint.execute).toBeInstanceOf(Function)
  })

  test('may be derived from the host\'s class, in either generation\'s way', async () => {
    const { entryPoint, context: { Protocol } } = await openDoor()
    const [first, second] = [new Protocol(), new Protocol('lines')]
    await first.init('lines', entryPoint)
    await second.init(null, entryPoint)
    for (const protocol of [first, second]) expect(protocol).toMatchObject({ name: 'lines', config: { port: 7 }, maxRequestSize: 100, initCalled: true })
  })

  test('makes connections, requests and errors that the host knows', async () => {
    const { context } = await openDoor()
    const connection = new context.ClientConnection('lines', ['10.0.0.1'])
    expect(connection).toMatchObject({ id: expect.stringMatching(/^[\w-]{36}$/), protocol: 'lines', ips: ['10.0.0.1'], headers: {} })
    expect(Object.isFrozen(connection)).toBe(true)
    expect(context.Request({ action: 'now' }, { connection })).toMatchObject({ context: { connection: { id: connection.id, protocol: 'lines' } } })
    expect(new context.errors.BadRequestError!('no')).toMatchObject({ status: 400 })
  })
})

describe('executing a request', () => {
  test.each([
    ['connection and request', (connection: ClientConnection, request: Request) => [connection, request]],
    ['a request alone', (_: ClientConnection, request: Request) => [request]],
    ['plain data and connection', (connection: ClientConnection) => [{ action: 'now' }, connection]],
  ])('takes %s', async (_, given) => {
    const { entryPoint, context, execute } = await openDoor()
    const connection = new context.ClientConnection('lines', [])
    entryPoint.newConnection(connection)
    await expect(execute(...given(connection, context.Request({ action: 'now' }, { connection })))).resolves.toMatchObject({ content: { by: connection.id, action: 'now' } })
  })

  test('takes a request of nobody', async () => {
    const { context, execute } = await openDoor()
    await expect(execute(context.Request({ action: 'now' }))).resolves.toMatchObject({ status: 200, content: { action: 'now' } })
  })

  test('logs what the callback throws', async () => {
    const { entryPoint, logger } = await openDoor()
    entryPoint.execute({ action: 'now' }, () => { throw new Error('socket gone') })
    await new Promise((resolve) => setImmediate(resolve))
    expect(logger.textsOf('error')).toEqual([expect.stringContaining('socket gone')])
  })

  test('is refused by the host alone while it stops', async () => {
    const { entryPoint, echo } = await openDoor()
    echo.isShuttingDown = true
    expect(entryPoint.isShuttingDown).toBe(true)
  })
})

describe('what the host tells a protocol', () => {
  test('comes as its parameters ask for', async () => {
    const { door, plugin } = await openDoor()
    door.broadcast({ channels: ['a'], payload: {} })
    door.notify({ connectionId: 'c', channels: ['a'], payload: {} })
    door.joinChannel('a', 'c')
    door.leaveChannel('a', 'c')
    door.disconnect('c', 'enough')
    expect(plugin.asked).toEqual([
      ['broadcast', { channels: ['a'], payload: {} }], ['notify', { connectionId: 'c', channels: ['a'], payload: {} }],
      ['join', 'a', 'c'], ['leave', 'a'], ['disconnect', 'c', 'enough'],
    ])
  })

  test('at the end, is that every client has to go', async () => {
    const { door, plugin, entryPoint, context, echo } = await openDoor()
    const connection = new context.ClientConnection('lines', [])
    entryPoint.newConnection(connection)
    door.stop()
    expect(plugin.asked).toEqual([['disconnect', connection.id, 'The host stops.']])
    expect(echo.connected.size).toBe(0)
  })
})
