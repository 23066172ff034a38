import { describe, expect, test } from '@jest/globals'
import { Registry } from '@app/registry'
import { defineAction, defineController } from '../../../../test/support/start-doors.js'
import { UrlRouter } from './url-router.js'

const nothing = (): null => null

function routerOf(...routes: [action: string, ...routes: string[]][]): { router: UrlRouter; registry: Registry } {
  const registry = new Registry()
  registry.register(defineController('c', ...routes.map(([action, ...paths]) => defineAction(action, nothing, ...paths))))
  return { router: new UrlRouter(registry), registry }
}

function faultOf(act: () => unknown): { id?: string; message: string; status: number; props?: unknown[] } {
  try {
    act()
  } catch (error) {
    return error as { id?: string; message: string; status: number; props?: unknown[] }
  }
  throw new Error('nothing was thrown')
}

describe('finding the action of a URL', () => {
  const { router } = routerOf(
    ['info', 'GET /'],
    ['now', 'GET /_now'],
    ['indexDelete', 'DELETE /:index'],
    ['list', 'GET /:index/_list'],
    ['get', 'GET /:index/:collection/:_id'],
    ['put', 'PUT /:index/:collection/:_id'],
    ['mGet', 'GET /:index/:collection/_mGet', 'POST /:index/:collection/_mGet'],
    ['create', 'POST /:index/:collection/:_id/_create', 'POST /:index/:collection/_create'],
    ['onlyHead', 'HEAD /heads/:name'],
  )

  test.each([
    ['GET', '/', 'info', undefined],
    ['GET', '/_now', 'now', undefined],
    ['GET', '/shop/_list', 'list', { index: 'shop' }],
    ['GET', '/shop/orders/1', 'get', { index: 'shop', collection: 'orders', _id: '1' }],
    ['PUT', '/shop/orders/1', 'put', { index: 'shop', collection: 'orders', _id: '1' }],
    ['DELETE', '/shop', 'indexDelete', { index: 'shop' }],
    ['POST', '/shop/orders/1/_create', 'create', { index: 'shop', collection: 'orders', _id: '1' }],
    ['POST', '/shop/orders/_create', 'create', { index: 'shop', collection: 'orders' }],
    ['HEAD', '/heads/x', 'onlyHead', { name: 'x' }],
  ])('%s %s leads to %s', (verb, path, action, parameters) => {
    expect(router.find(verb, path)).toEqual({ controller: 'c', action, parameters })
  })

  test('a literal segment wins over a parameter', () => {
    expect(router.find('GET', '/shop/orders/_mGet')).toMatchObject({ action: 'mGet', parameters: { index: 'shop', collection: 'orders' } })
  })

  test.each([
    ['/shop/orders/a%20b%2Fc', 'a b/c'],
    ['/shop/orders/%C3%A9', 'é'],
    ['/shop/orders/a+b', 'a+b'],
    ['/shop/orders/%25', '%'],
    ['/shop/orders/a:b', 'a:b'],
    ['/shop/orders/a;b', 'a;b'],
    ['/shop/orders/..', '..'],
  ])('the parameter in %s is decoded once', (path, id) => {
    expect(router.find('GET', path).parameters).toMatchObject({ _id: id })
  })

  test('a literal segment may be percent-encoded', () => {
    expect(router.find('GET', '/%5Fnow').action).toBe('now')
  })

  test('a parameter may be as long as a request line', () => {
    const id = 'x'.repeat(10_000)
    expect(router.find('GET', `/shop/orders/${id}`).parameters).toMatchObject({ _id: id })
  })

  test('HEAD is answered by GET where there is no HEAD', () => {
    expect(router.find('HEAD', '/_now').action).toBe('now')
    expect(faultOf(() => router.find('GET', '/heads/x')).id).toBe('network.http.url_not_found')
  })

  test.each(['/%E0%A4%A', '/shop/orders/%zz', '/%'])('%s is refused: its percent-encoding is broken', (path) => {
    expect(faultOf(() => router.find('GET', path))).toMatchObject({ id: 'network.http.unexpected_error', status: 400 })
  })
})

describe('URLs that lead nowhere', () => {
  const { router } = routerOf(
    ['now', 'GET /_now'],
    ['indexDelete', 'DELETE /:index'],
    ['put', 'PUT /:index/:collection/:_id'],
    ['mGet', 'GET /:index/:collection/_mGet', 'POST /:index/:collection/_mGet'],
    ['hello', 'GET /_plugin/hello-world/hello/:name'],
  )

  test('are not found, by name', () => {
    expect(faultOf(() => router.find('GET', '/a/b/c/d/e'))).toMatchObject({
      id: 'network.http.url_not_found', status: 404, props: ['/a/b/c/d/e'], message: 'API URL not found: /a/b/c/d/e.',
    })
  })

  test('are told the nearest route', () => {
    expect(faultOf(() => router.find('GET', '/_nwo')).message).toContain('Did you mean "GET /_now"?')
    expect(faultOf(() => router.find('GET', '/_plugin/hello-wrld/hello/Ann')).message).toContain('Did you mean "GET /_plugin/hello-world/hello/:name"?')
  })

  test('are told the verbs that the path does answer to', () => {
    expect(faultOf(() => router.find('POST', '/_plugin/hello-world/hello/Ann')).message).toContain('It answers GET, HEAD, not POST.')
  })

  test('a literal of another verb is not taken for a parameter', () => {
    expect(faultOf(() => router.find('DELETE', '/_now'))).toMatchObject({ id: 'network.http.url_not_found', message: expect.stringContaining('It answers GET, HEAD, not DELETE.') })
    expect(faultOf(() => router.find('PUT', '/shop/orders/_mGet')).message).toContain('It answers GET, POST, HEAD, not PUT.')
  })

  test('a parameter may begin with an underscore where nothing literal does', () => {
    expect(router.find('DELETE', '/_mine').parameters).toEqual({ index: '_mine' })
  })

  test('a literal of another verb without underscore leaves the parameter free', () => {
    const { router: other } = routerOf(['list', 'GET /names/list'], ['drop', 'DELETE /names/:name'])
    expect(other.find('DELETE', '/names/list').parameters).toEqual({ name: 'list' })
  })

  test.each(['PROPFIND', 'TRACE', 'CONNECT', 'get', ''])('the verb %j is not supported', (verb) => {
    expect(faultOf(() => router.find(verb, '/_now'))).toMatchObject({ id: 'network.http.unsupported_verb', status: 400, props: [verb] })
  })

  test('very long ones are not compared with every route', () => {
    const path = `/a/b/c/d/${'x'.repeat(8_000)}`
    expect(faultOf(() => router.find('GET', path)).message).toBe(`API URL not found: ${path}.`)
  })
})

describe('routes of plugins', () => {
  test('come and go while the router is in use', () => {
    const { router, registry } = routerOf(['now', 'GET /_now'])
    const remove = registry.register(defineController('late', defineAction('act', nothing, 'GET /late/:x')))
    expect(router.find('GET', '/late/1')).toEqual({ controller: 'late', action: 'act', parameters: { x: '1' } })
    remove()
    expect(faultOf(() => router.find('GET', '/late/1')).id).toBe('network.http.url_not_found')
    expect(router.find('GET', '/_now').action).toBe('now')
  })

  test('may name the same place differently', () => {
    const { router } = routerOf(['one', 'GET /a/:x/one'], ['two', 'GET /a/:y/two'])
    expect(router.find('GET', '/a/1/one').parameters).toEqual({ x: '1' })
    expect(router.find('GET', '/a/1/two').parameters).toEqual({ y: '1' })
  })

  test.each([
    ['GET /odd/a:b', '/odd/a:b', undefined],
    ['GET /odd/*', '/odd/*', undefined],
    ['GET /odd/a*b/c', '/odd/a*b/c', undefined],
    ['GET /odd/(x)', '/odd/(x)', undefined],
    ['GET /odd/a.b+c', '/odd/a.b+c', undefined],
    ['GET /odd/:id.json', '/odd/7', { 'id.json': '7' }],
    ['GET /odd/:a-:b', '/odd/7', { 'a-:b': '7' }],
    ['GET /odd/:id(x)', '/odd/7', { 'id(x)': '7' }],
    ['GET /odd/:id?', '/odd/7', { 'id?': '7' }],
  ])('%s means nothing but what it says', (route, path, parameters) => {
    const { router } = routerOf(['odd', route])
    expect(router.find('GET', path)).toEqual({ controller: 'c', action: 'odd', parameters })
  })

  test('a star in a path matches itself alone', () => {
    const { router } = routerOf(['odd', 'GET /odd/*'])
    expect(faultOf(() => router.find('GET', '/odd/anything')).id).toBe('network.http.url_not_found')
  })
})
