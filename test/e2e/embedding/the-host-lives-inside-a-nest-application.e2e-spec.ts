import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import AuthLocal from '../../../plugins/available/auth-local/src/index.js'
import { openLog } from '../../../src/logger.js'
import { openSocket } from '../../support/start-doors.js'
import { asker } from '../../support/start-host.js'
import { ShopModule } from './shop.module.js'

let root: string
let app: NestFastifyApplication
let port: number
let ask: ReturnType<typeof asker>

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'mortise-embedded-'))
  const module = ShopModule.with({ root, logger: openLog('silent'), plugins: [AuthLocal], config: { limits: { loginsPerSecond: 0 } } })
  app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), { logger: false, abortOnError: false })
  await app.listen(0, '127.0.0.1')
  port = (app.getHttpServer().address() as { port: number }).port
  ask = asker(`http://127.0.0.1:${port}`)
})
afterAll(async () => {
  await app.close()
  rmSync(root, { recursive: true, force: true })
})

describe('the application', () => {
  test('keeps its own routes, also where the host has one', async () => {
    expect((await ask('GET', '/')).text).toBe('Welcome to the shop')
    expect((await ask('GET', '/_now')).body).toEqual({ shop: 'is open' })
  })

  test('parses its own bodies and answers in its own words', async () => {
    expect((await ask('POST', '/echo', { body: { a: [1] } })).body).toEqual({ body: { a: [1] } })
    expect((await ask('POST', '/echo', { body: '{"a":' })).body).toMatchObject({ statusCode: 400 })
  })
})

describe('the host', () => {
  test('answers what the application leaves, over HTTP', async () => {
    expect((await ask('GET', '/_/prices/prices/apple')).body).toMatchObject({ status: 200, result: { product: 'apple', price: 3 } })
    expect((await ask('PUT', '/shop/notes', { body: {} })).body).toMatchObject({ result: { acknowledged: true } })
    expect((await ask('GET', '/no/such/path/here')).body.error).toMatchObject({ id: 'network.http.url_not_found', status: 404 })
  })

  test('and over WebSocket, on the same port', async () => {
    const client = await openSocket(port)
    expect(await client.ask({ controller: 'prices/prices', action: 'tell', product: 'pear' })).toMatchObject({ result: { product: 'pear', price: 3 } })
    client.socket.close()
  })
})

describe('a controller of the application under the host\'s pipes', () => {
  test('gets the body as plugins leave it', async () => {
    expect(await ask('POST', '/orders', { body: { product: 'apple', quantity: 2 } })).toMatchObject({
      status: 201, body: { order: { product: 'apple', quantity: 2, total: 6 } },
    })
  })

  test('is refused what plugins refuse', async () => {
    expect(await ask('POST', '/orders', { body: { product: 'apple', quantity: 101 } })).toMatchObject({ status: 412, body: { message: 'Nobody can pay for so many.' } })
  })

  test('answers as plugins leave it', async () => {
    const { body: { id } } = await ask('POST', '/orders', { body: { product: 'pear', quantity: 1 } })
    expect((await ask('GET', `/orders/${id}`)).body).toMatchObject({ product: 'pear', signed: true })
  })
})

describe('a controller of the application under the host\'s rights', () => {
  test('is for everybody until the host is restricted, then for those whose roles name it', async () => {
    const content = { content: {}, credentials: { local: { username: 'boss', password: 'secret-1' } } }
    expect((await ask('POST', '/_createFirstAdmin/boss?reset=true', { body: content })).status).toBe(200)
    expect(await ask('GET', '/orders/0')).toMatchObject({ status: 401, body: { id: 'security.rights.unauthorized' } })
    const { body: { result: { jwt } } } = await ask('POST', '/_login/local', { body: { username: 'boss', password: 'secret-1' } })
    expect((await ask('GET', '/orders/0', { headers: { authorization: `Bearer ${jwt}` } })).status).toBe(200)
    expect((await ask('GET', '/', {})).text).toBe('Welcome to the shop')
  })

  test('may be named by roles, by its own names and no others', async () => {
    const { body: { result: { jwt } } } = await ask('POST', '/_login/local', { body: { username: 'boss', password: 'secret-1' } })
    const headers = { authorization: `Bearer ${jwt}` }
    const write = (id: string, controllers: object) => ask('PUT', `/roles/${id}`, { headers, body: { controllers } })
    expect((await write('clerk', { orders: { actions: { find: true } }, front: { actions: { clock: true } } })).status).toBe(200)
    expect((await write('lost', { orders: { actions: { fnd: true } } })).body.error).toMatchObject({ id: 'security.role.unknown_action', message: expect.stringContaining('Did you mean "find"?') })
    expect((await write('lost', { oders: { actions: { find: true } } })).body.error).toMatchObject({ id: 'security.role.unknown_controller', message: expect.stringContaining('Did you mean "orders"?') })

    await ask('POST', '/profiles/clerk/_create', { headers, body: { policies: [{ roleId: 'clerk' }] } })
    await ask('POST', '/users/ann/_create', { headers, body: { content: { profileIds: ['clerk'] }, credentials: { local: { username: 'ann', password: 'secret-2' } } } })
    const ann = { authorization: `Bearer ${(await ask('POST', '/_login/local', { body: { username: 'ann', password: 'secret-2' } })).body.result.jwt}` }
    expect((await ask('GET', '/orders/0', { headers: ann })).status).toBe(200)
    expect(await ask('POST', '/orders', { headers: ann, body: { product: 'apple', quantity: 1 } })).toMatchObject({ status: 403, body: { id: 'security.rights.forbidden' } })
  })
})
