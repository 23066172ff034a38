import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { BadRequestError, Request, type ClientConnection, type RequestData, type ResponsePayload } from '@mortise/sdk'
import { definePlugin } from '../../../test/support/define-plugin.js'
import { defineAction, defineController, startDoors, type Doors } from '../../../test/support/start-doors.js'

const connection: ClientConnection = { id: 'c1', protocol: 'mqtt', ips: ['127.0.0.1'] }
const heard: [event: string, id: string][] = []
const held: (() => void)[] = []

const sample = defineController(
  'sample',
  defineAction('greet', (request) => `Hello ${request.getString('name', 'world')}`),
  defineAction('fail', () => { throw new BadRequestError('no') }),
  defineAction('hold', () => new Promise((resolve) => held.push(() => resolve('released')))),
  defineAction('raw', (request) => {
    request.response.configure({ format: 'raw', headers: { 'X-One': '1' } })
    return 'text'
  }),
)

const listener = definePlugin({
  name: 'listener',
  hooks: ['connection:new', 'connection:remove'].map((event) => ({
    event, name: 'listen', handler: (gone: unknown) => heard.push([event, (gone as ClientConnection).id]),
  })),
})

let doors: Doors
beforeEach(async () => {
  heard.length = held.length = 0
  doors = await startDoors({ plugins: [sample, listener], drainTimeout: 50, protocols: { mqtt: { port: 1 } } })
})
afterEach(() => doors.close())

const request = (data: RequestData): Request => new Request({ requestId: 'r', controller: 'sample', ...data }, { connection: { ...connection } })

describe('announcing connections', () => {
  test('raises connection:new, once', () => {
    doors.gateway.entryPoint.newConnection(connection)
    doors.gateway.entryPoint.newConnection(connection)
    expect(heard).toEqual([['connection:new', 'c1']])
    expect(doors.gateway.entryPoint.connections.counts).toEqual({ mqtt: 1 })
  })

  test.each([[{}], [{ id: 'x' }], [{ protocol: 'x' }], [{ id: 5, protocol: 'x' }], [null], [undefined]])('refuses %j, which is none', (malformed) => {
    expect(() => doors.gateway.entryPoint.newConnection(malformed as ClientConnection)).toThrow('malformed')
    expect(heard).toEqual([])
  })

  test('removing one raises connection:remove, once', () => {
    doors.gateway.entryPoint.newConnection(connection)
    doors.gateway.entryPoint.removeConnection('c1')
    doors.gateway.entryPoint.removeConnection('c1')
    doors.gateway.entryPoint.removeConnection('never there')
    expect(heard).toEqual([['connection:new', 'c1'], ['connection:remove', 'c1']])
    expect(doors.gateway.entryPoint.connections.counts).toEqual({})
  })

  test('whoever keeps things for a connection is told that it goes, until they stop listening', () => {
    const gone: string[] = []
    const stop = doors.gateway.entryPoint.onGone(({ id }) => gone.push(id))
    doors.gateway.entryPoint.newConnection(connection)
    doors.gateway.entryPoint.removeConnection('c1')
    stop()
    doors.gateway.entryPoint.newConnection(connection)
    doors.gateway.entryPoint.removeConnection('c1')
    expect(gone).toEqual(['c1'])
  })
})

describe('running requests', () => {
  test('gives what is to be sent, as a promise and to the callback', async () => {
    let called: ResponsePayload | undefined
    const payload = await doors.gateway.entryPoint.execute(connection, request({ action: 'greet', name: 'Ann' }), (given) => { called = given })
    expect(payload).toMatchObject({ raw: false, status: 200, requestId: 'r', headers: {}, content: { result: 'Hello Ann', error: null, controller: 'sample', action: 'greet' } })
    expect(called).toBe(payload)
  })

  test('gives errors as plain objects without a stack', async () => {
    const { status, content } = await doors.gateway.entryPoint.execute(connection, request({ action: 'fail' }))
    expect(status).toBe(400)
    expect((content as { error: object }).error).toEqual({ message: 'no', status: 400 })
    expect(Object.keys((content as { error: object }).error)).toEqual(['message', 'status'])
  })

  test('gives raw results by themselves', async () => {
    expect(await doors.gateway.entryPoint.execute(connection, request({ action: 'raw' }))).toEqual({
      raw: true, status: 200, requestId: 'r', content: 'text', headers: { 'x-one': '1' },
    })
  })

  test('survives a callback that throws, and logs it', async () => {
    const payload = await doors.gateway.entryPoint.execute(connection, request({ action: 'greet' }), () => { throw new Error('mine') })
    expect(payload.status).toBe(200)
    expect(doors.logger.textsOf('error')).toEqual(['mine'])
  })

  test('shows a door its own part of the configuration', () => {
    expect(doors.gateway.entryPoint.config.protocols.mqtt).toEqual({ port: 1 })
  })
})

describe('draining', () => {
  const wait = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

  test('refuses requests that come now', async () => {
    await doors.gateway.entryPoint.drain()
    expect(await doors.gateway.entryPoint.execute(connection, request({ action: 'greet' }))).toMatchObject({
      status: 503, content: { error: { id: 'network.entrypoint.shutting_down' }, result: null },
    })
  })

  test('waits for requests at work', async () => {
    const order: string[] = []
    const answer = doors.gateway.entryPoint.execute(connection, request({ action: 'hold' })).then(() => order.push('answered'))
    const drained = doors.gateway.entryPoint.drain().then(() => order.push('drained'))
    while (held.length === 0) await wait()
    expect(order).toEqual([])
    held.forEach((release) => release())
    await Promise.all([answer, drained])
    expect(new Set(order)).toEqual(new Set(['answered', 'drained']))
    expect(doors.logger.textsOf('warn')).toEqual([])
  })

  test('gives up on those that never end, and says so', async () => {
    const answer = doors.gateway.entryPoint.execute(connection, request({ action: 'hold' }))
    await doors.gateway.entryPoint.drain()
    expect(doors.logger.textsOf('warn').join()).toContain('1 requests were not answered within 50 ms')
    held.forEach((release) => release())
    expect((await answer).status).toBe(200)
  })
})
