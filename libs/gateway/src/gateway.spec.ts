import { once } from 'node:events'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { ForbiddenError, Request } from '@mortise/sdk'
import type { PipeDefinition } from '@app/registry'
import { definePlugin } from '../../../test/support/define-plugin.js'
import { defineAction, defineController, exchangeBytes, openSocket, startDoors, type Doors } from '../../../test/support/start-doors.js'

const held: (() => void)[] = []
const sample = defineController(
  'sample',
  defineAction('echo', ({ input }) => ({ body: input.body, args: input.args }), ...['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((verb) => `${verb} /echo`), 'HEAD /heads'),
  defineAction('hold', () => new Promise((resolve) => held.push(() => resolve('released'))), 'GET /hold'),
)
const piped = (...pipes: Omit<PipeDefinition, 'name'>[]) => definePlugin({ name: 'piped', pipes: pipes.map((pipe) => ({ ...pipe, name: 'pipe' })) })

beforeEach(() => { held.length = 0 })

async function using(doors: Doors, act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } finally {
    await doors.close()
  }
}

describe('closing the doors', () => {
  test('lets requests at work be answered, over both', async () => {
    const doors = await startDoors({ plugins: [sample] })
    const client = await openSocket(doors.port)
    const overHttp = fetch(`${doors.url}/hold`)
    const overSocket = client.ask({ controller: 'sample', action: 'hold', requestId: 'r' })
    while (held.length < 2) await new Promise(setImmediate)
    const isClosed = once(client.socket, 'close')
    const closing = doors.gateway.close()
    held.forEach((release) => release())
    expect(await (await overHttp).json()).toMatchObject({ status: 200, result: 'released' })
    expect(await overSocket).toMatchObject({ room: 'r', result: 'released' })
    await closing
    expect((await isClosed)[0]).toBe(1001)
    await doors.close()
  })

  test('refuses what comes meanwhile, over both', async () => {
    const doors = await startDoors({ plugins: [sample] })
    const client = await openSocket(doors.port)
    const atWork = fetch(`${doors.url}/hold`)
    while (held.length === 0) await new Promise(setImmediate)
    const closing = doors.gateway.close()
    const late = await fetch(`${doors.url}/echo`)
    expect(late.status).toBe(503)
    expect(await late.json()).toMatchObject({ error: { id: 'network.entrypoint.shutting_down' } })
    expect(await client.ask({ controller: 'sample', action: 'echo', requestId: 'r' })).toMatchObject({ room: 'r', status: 503, error: { id: 'network.entrypoint.shutting_down' } })
    expect((await fetch(`${doors.url}/_ready`)).status).toBe(503)
    expect((await fetch(`${doors.url}/_healthcheck`)).status).toBe(200)
    await expect(openSocket(doors.port)).rejects.toThrow('503')
    held.forEach((release) => release())
    expect((await atWork).status).toBe(200)
    await closing
    await doors.close()
  })

  test('leaves no connection behind', async () => {
    const doors = await startDoors({ plugins: [sample] })
    await Promise.all([openSocket(doors.port), openSocket(doors.port), openSocket(doors.port)])
    await doors.gateway.close()
    while (Object.keys(doors.gateway.entryPoint.connections.counts).length > 0) await new Promise(setImmediate)
    expect(doors.app.server.listenerCount('upgrade')).toBe(0)
    await doors.close()
  })
})

describe('pipes at the HTTP door', () => {
  test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])('http:<verb> sees the request of a %s before it runs, and may change it', async (verb) => {
    const doors = await startDoors({ plugins: [sample, piped({
      event: `http:${verb.toLowerCase()}`,
      handler: async (request) => {
        (request as Request).input.args.stamp = verb
        return request
      },
    })] })
    await using(doors, async () => {
      expect(await (await fetch(`${doors.url}/echo`, { method: verb })).json()).toMatchObject({ result: { args: { stamp: verb } } })
    })
  })

  test('http:<verb> may refuse', async () => {
    const doors = await startDoors({ plugins: [sample, piped({ event: 'http:get', handler: () => { throw new ForbiddenError('not here') } })] })
    await using(doors, async () => {
      const refused = await fetch(`${doors.url}/echo`)
      expect(refused.status).toBe(403)
      expect(await refused.json()).toMatchObject({ controller: 'sample', action: 'echo', error: { message: 'not here' }, result: null })
      expect((await fetch(`${doors.url}/echo`, { method: 'POST' })).status).toBe(200)
    })
  })

  test('http:options may add headers to what pages of other origins are told', async () => {
    const doors = await startDoors({ plugins: [piped({
      event: 'http:options',
      handler: (request) => {
        (request as Request).response.setHeader('Access-Control-Max-Age', '600')
        return request
      },
    })] })
    await using(doors, async () => {
      expect((await fetch(doors.url, { method: 'OPTIONS' })).headers.get('access-control-max-age')).toBe('600')
    })
  })

  test('http:head hears of HEAD', async () => {
    let seen: unknown
    const doors = await startDoors({ plugins: [sample, piped({ event: 'http:head', handler: (request) => { seen = (request as Request).input.action; return request } })] })
    await using(doors, async () => {
      await fetch(`${doors.url}/heads`, { method: 'HEAD' })
      expect(seen).toBe('echo')
    })
  })

  test('may decode a body of their own before it is parsed, and change it after', async () => {
    const doors = await startDoors({ plugins: [sample, piped(
      {
        event: 'protocol:http:beforeParsingPayload',
        handler: (event) => ({ ...event as object, payload: Buffer.from((event as { payload: Buffer }).payload.toString().replaceAll("'", '"')) }),
      },
      {
        event: 'protocol:http:afterParsingPayload',
        handler: (event) => ({ ...event as object, payload: { seen: (event as { payload: unknown }).payload } }),
      },
    )] })
    await using(doors, async () => {
      const answer = await fetch(`${doors.url}/echo`, { method: 'POST', body: "{'a':1}", headers: { 'content-type': 'application/json' } })
      expect(await answer.json()).toMatchObject({ result: { body: { seen: { a: 1 } } } })
    })
  })

  test('are told of bodies in JSON only, once parsed', async () => {
    let times = 0
    const doors = await startDoors({ plugins: [sample, piped({ event: 'protocol:http:afterParsingPayload', handler: (event) => { times++; return event } })] })
    await using(doors, async () => {
      await fetch(`${doors.url}/echo`, { method: 'POST', body: new URLSearchParams({ a: '1' }) })
      expect(times).toBe(0)
      await fetch(`${doors.url}/echo`, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })
      expect(times).toBe(1)
    })
  })

  test('that refuse a body answer with the bare error', async () => {
    const doors = await startDoors({ plugins: [sample, piped({ event: 'protocol:http:beforeParsingPayload', handler: () => { throw new ForbiddenError('unsigned') } })] })
    await using(doors, async () => {
      const refused = await fetch(`${doors.url}/echo`, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })
      expect(refused.status).toBe(403)
      expect(await refused.json()).toEqual({ message: 'unsigned', status: 403 })
    })
  })

  test('that come later are heard from then on, and those that go are not', async () => {
    const doors = await startDoors({ plugins: [sample] })
    await using(doors, async () => {
      expect((await fetch(`${doors.url}/echo`)).status).toBe(200)
      const remove = doors.registry.register(piped({ event: 'http:get', handler: () => { throw new ForbiddenError('not here') } }))
      expect((await fetch(`${doors.url}/echo`)).status).toBe(403)
      remove()
      expect((await fetch(`${doors.url}/echo`)).status).toBe(200)
    })
  })
})

describe('pipes at the WebSocket door', () => {
  test('may change the text of a frame and what comes of it', async () => {
    const doors = await startDoors({ plugins: [sample, piped(
      {
        event: 'protocol:websocket:beforeParsingPayload',
        handler: (event) => ({ ...event as object, payload: (event as { payload: string }).payload.replaceAll("'", '"') }),
      },
      {
        event: 'protocol:websocket:afterParsingPayload',
        handler: (event) => ({ ...event as object, payload: { ...(event as { payload: object }).payload, stamp: 1 } }),
      },
    )] })
    await using(doors, async () => {
      const client = await openSocket(doors.port)
      expect(await client.ask("{'controller':'sample','action':'echo','requestId':'r'}")).toMatchObject({ room: 'r', result: { args: { stamp: 1 } } })
      client.socket.terminate()
    })
  })

  test('that refuse a parsed frame answer whoever sent it', async () => {
    const doors = await startDoors({ plugins: [sample, piped({ event: 'protocol:websocket:beforeParsingPayload', handler: () => { throw new ForbiddenError('not you') } })] })
    await using(doors, async () => {
      const client = await openSocket(doors.port)
      expect(await client.ask({ controller: 'sample', action: 'echo', requestId: 'r' })).toMatchObject({ status: 403, error: { message: 'not you' } })
      client.socket.terminate()
    })
  })
})

describe('somebody else\'s server', () => {
  test('keeps its own routes and hooks', async () => {
    const { fastify } = await import('fastify')
    const doors = await startDoors({ plugins: [sample] })
    const app = fastify()
    const hooked: string[] = []
    app.addHook('onRequest', (request, _reply, done) => {
      hooked.push(request.url)
      done()
    })
    app.get('/theirs', () => ({ theirs: true }))
    const { HttpProtocol } = await import('./http/http.protocol.js')
    const { DoorEvents } = await import('./door-events.js')
    const http = new HttpProtocol({
      registry: doors.registry, events: new DoorEvents(doors.registry, doors.bus), config: doors.gateway.entryPoint.config, logger: doors.logger, isReady: () => true,
    })
    http.start(doors.gateway.entryPoint)
    await http.attach(app)
    await app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.server.address() as { port: number }
    expect(await (await fetch(`http://127.0.0.1:${port}/theirs`)).json()).toEqual({ theirs: true })
    expect(await (await fetch(`http://127.0.0.1:${port}/echo`)).json()).toMatchObject({ controller: 'sample', action: 'echo' })
    expect(await exchangeBytes(port, 'POST /theirs HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')).toContain('network.http.url_not_found')
    expect(hooked).toEqual(['/theirs', '/echo', '/theirs'])
    await app.close()
    await doors.close()
  })
})
