import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Request, type RequestData } from '@mortise/sdk'
import { callAction, toRequest } from '../../../../test/support/call-action.js'
import { definePlugin } from '../../../../test/support/define-plugin.js'
import { startBuiltIns, type StartedBuiltIns } from '../../../../test/support/start-built-ins.js'
import { Statistics } from './statistics.js'

const guest = definePlugin({
  name: 'guest',
  version: '2.1.0',
  pipes: [{ event: 'document:beforeCreate', name: 'Guest.check', handler: (request) => request }],
  controllers: [{ name: 'guest/hello', actions: [
    { name: 'say', handler: () => 'hello', routes: [{ verb: 'GET', path: '/_/guest/hello/:name' }] },
    { name: 'whisper', handler: () => 'psst', routes: [] },
  ] }],
  details: { manifest: { name: 'guest' } },
})

let host: StartedBuiltIns

beforeEach(async () => { host = await startBuiltIns() })
afterEach(() => host.stop())

const call = (action: string, rest: Partial<RequestData> = {}): Promise<Request> => callAction(host.pipeline, { controller: 'server', action, ...rest })

describe('the catalogue of actions', () => {
  test('lists routes under both of their names, and actions that have none', async () => {
    host.registry.register(guest)
    const { result } = await call('publicApi')
    expect(result).toMatchObject({
      'server': { now: { controller: 'server', action: 'now', http: [{ url: '/_now', path: '/_now', verb: 'GET' }] } },
      'guest/hello': {
        say: { http: [{ url: '/_/guest/hello/:name', path: '/_/guest/hello/:name', verb: 'GET' }] },
        whisper: { controller: 'guest/hello', action: 'whisper' },
      },
    })
    expect((result as Record<string, Record<string, object>>)['guest/hello']?.whisper).not.toHaveProperty('http')
  })

  test('is made once, until a plugin comes or goes', async () => {
    const before = (await call('publicApi')).result
    expect((await call('publicApi')).result).toBe(before)
    const remove = host.registry.register(guest)
    expect((await call('publicApi')).result).toHaveProperty(['guest/hello'])
    remove()
    expect((await call('publicApi')).result).toEqual(before)
  })

  test('keeps the routes of an action in the order they are written, deprecated ones too', async () => {
    const { result } = await call('publicApi')
    expect((result as { document: { update: object } }).document.update).toMatchObject({ http: [{ verb: 'PUT' }, { verb: 'PATCH' }] })
  })
})

describe('server information', () => {
  test('shows version, routes, plugins and the machine', async () => {
    host.registry.register(guest)
    const { result } = await call('info')
    expect(result).toMatchObject({ serverInfo: {
      kuzzle: {
        version: '0.1.0',
        nodeVersion: process.version,
        uptime: expect.stringMatching(/^[\d.]+s$/),
        memoryUsed: expect.any(Number),
        system: { cpus: expect.any(Number), memory: { free: expect.any(Number), total: expect.any(Number) } },
        api: { routes: { server: { now: {} } } },
      },
      services: { publicStorage: expect.any(String) },
    } })
    expect((result as { serverInfo: { kuzzle: { plugins: object } } }).serverInfo.kuzzle.plugins).toEqual({ guest: {
      version: '2.1.0', hooks: [], pipes: ['document:beforeCreate'], controllers: ['guest/hello'], manifest: { name: 'guest' },
      routes: [{ verb: 'GET', url: '/_/guest/hello/:name', path: '/_/guest/hello/:name', controller: 'guest/hello', action: 'say' }],
    } })
  })

  test('is served at the root', async () => {
    const answer = await host.pipeline.run(toRequest(host.registry, { method: 'GET', url: '/' }) as Request)
    expect(answer.result).toHaveProperty('serverInfo')
  })

  test('tells limits with the capabilities', async () => {
    expect((await call('capabilities')).result).toMatchObject({ limits: { documentsWriteCount: 200, documentsFetchCount: 10_000 }, version: '0.1.0' })
  })
})

describe('explain', () => {
  test('tells pipes, then hooks, in calling order, with what decides it', async () => {
    host.registry.register(definePlugin({ ...guest, hooks: [{ event: 'document:*', name: 'Guest.tell', phase: 'late', handler: () => undefined }], details: { isolation: 'process' } }))
    host.registry.register(definePlugin({ name: 'other', pipes: [{ event: 'document:beforeCreate', name: 'Other.see', before: ['guest.check'], timeout: 9, handler: (request) => request }] }))
    const wish = ['other.see says before "guest.check"']
    expect((await call('explain', { event: 'document:beforeCreate' })).result).toEqual({ event: 'document:beforeCreate', listeners: [
      { kind: 'pipe', listener: 'other.see', plugin: 'other', place: 'Other.see', event: 'document:beforeCreate', phase: 'normal', runs: 'inline', timeout: 9, why: wish },
      { kind: 'pipe', listener: 'guest.check', plugin: 'guest', place: 'Guest.check', event: 'document:beforeCreate', phase: 'normal', runs: 'process', why: wish },
      { kind: 'hook', listener: 'guest.tell', plugin: 'guest', place: 'Guest.tell', event: 'document:*', phase: 'late', runs: 'process', why: ['phase late'] },
    ] })
  })

  test('tells of filters, of listeners that are reentrant, and of what is told from the store', async () => {
    host.registry.register(definePlugin({ name: 'guest', hooks: [
      { event: 'document:afterCreate', name: 'Guest.keep', durable: true, reentrant: true, handler: () => undefined },
      { event: 'document:afterCreate', name: 'Guest.tell', where: { exists: 'total' }, handler: () => undefined },
    ] }))
    expect((await call('explain', { event: 'document:afterCreate' })).result).toMatchObject({ listeners: [
      { kind: 'hook', listener: 'guest.tell', where: { exists: 'total' }, why: ['load order'] },
      { kind: 'durable hook', listener: 'guest.keep', reentrant: true, why: ['told once the change is stored'] },
    ] })
  })

  test('takes patterns and events of plugins, and refuses what nothing emits though a pattern would fit', async () => {
    host.registry.register(definePlugin({ name: 'guest', hooks: [{ event: '*:*', name: 'Guest.tell', handler: () => undefined }] }))
    for (const event of ['document:before*', 'plugin-guest:moved']) expect((await call('explain', { event })).result).toMatchObject({ event, listeners: [{ listener: 'guest.tell' }] })
    expect((await call('explain', { event: 'document:beforCreate' })).error).toMatchObject({
      id: 'api.assert.invalid_argument', message: expect.stringContaining('Nothing emits "document:beforCreate"; did you mean "document:beforeCreate"?'),
    })
  })
})

describe('health', () => {
  test('is green where all is well, and shows the services that were asked for', async () => {
    expect((await call('healthCheck', { services: 'storageEngine,unknown' })).result).toEqual({ status: 'green', services: { storageEngine: 'green' } })
  })

  test('fails with 503 when the store is gone, and says so in the result', async () => {
    await host.store.close()
    for (const file of readdirSync(host.folder)) rmSync(join(host.folder, file))
    mkdirSync(join(host.folder, 'store.db'))
    const answer = await call('healthCheck')
    expect([answer.status, answer.error?.id]).toEqual([503, 'core.fatal.service_unavailable'])
    expect(answer.result).toMatchObject({ status: 'red', services: { storageEngine: 'red', internalCache: 'green' } })
  })
})

describe('the description in OpenAPI', () => {
  test('is raw JSON, with paths in its own notation', async () => {
    const answer = await call('openapi')
    expect(answer.response.toJSON()).toMatchObject({ raw: true, status: 200, headers: { 'content-type': 'application/json' } })
    expect(answer.result).toMatchObject({ openapi: '3.1.0', paths: { '/{index}/{collection}/{_id}': {
      get: { tags: ['document'], parameters: [{ name: 'index', in: 'path', required: true }, { name: 'collection' }, { name: '_id' }] },
      put: { requestBody: {} },
    } } })
  })

  test('is about the host, its plugins, or both', async () => {
    host.registry.register(guest)
    const pathsOf = async (scope: string): Promise<string[]> => Object.keys(((await call('openapi', { scope })).result as { paths: object }).paths)
    expect(await pathsOf('app')).toEqual(['/_/guest/hello/{name}'])
    expect(await pathsOf('kuzzle')).not.toContain('/_/guest/hello/{name}')
    expect(await pathsOf('all')).toEqual(expect.arrayContaining(['/_now', '/_/guest/hello/{name}']))
  })

  test('names each operation once', async () => {
    const { paths } = (await call('openapi')).result as { paths: Record<string, Record<string, { operationId: string }>> }
    const ids = Object.values(paths).flatMap((operations) => Object.values(operations).map(({ operationId }) => operationId))
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('comes as YAML, and in no other form', async () => {
    const answer = await call('openapi', { format: 'yaml' })
    expect(answer.response.getHeader('content-type')).toBe('application/yaml')
    expect(answer.result).toMatch(/^"openapi": "3.1.0"\n/)
    expect((await call('openapi', { format: 'xml' })).error?.id).toBe('api.assert.invalid_argument')
  })
})

describe('statistics', () => {
  test('are given whole, last, or between two times', async () => {
    const statistics = new Statistics(() => ({ http: 1 }))
    const counted = await startBuiltIns({ statistics })
    statistics.begin('http')
    statistics.end('http', false)
    const ask = async (action: string, rest: Partial<RequestData> = {}): Promise<unknown> =>
      (await callAction(counted.pipeline, { controller: 'server', action, ...rest })).result
    expect(await ask('getLastStats')).toMatchObject({ completedRequests: { http: 1 }, connections: { http: 1 } })
    expect(await ask('getAllStats')).toMatchObject({ total: 1, hits: [{ completedRequests: { http: 1 } }] })
    expect(await ask('getStats', { stopTime: '2001-01-01' })).toEqual({ total: 0, hits: [] })
    expect(await ask('getStats', { startTime: '1000000000000' })).toMatchObject({ total: 1 })
    await counted.stop()
  })

  test('refuse a time that is none', async () => {
    expect((await call('getStats', { startTime: 'soon' })).error?.id).toBe('api.assert.invalid_argument')
  })
})

test('what the host does not have is told as nothing', async () => {
  expect((await call('getConfig')).result).toEqual({})
  expect((await call('adminExists')).result).toEqual({ exists: false })
  expect((await call('metrics')).result).toEqual({
    api: { concurrentRequests: 0, pendingRequests: 0 }, network: { connections: {} }, realtime: { rooms: 0, subscriptions: 0 },
  })
})
