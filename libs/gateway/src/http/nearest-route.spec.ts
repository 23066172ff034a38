import { describe, expect, test } from '@jest/globals'
import type { Route } from '@app/registry'
import { nearestRoute } from './nearest-route.js'

const routes = ['GET /_now', 'GET /_list', 'POST /:index/_create', 'GET /:index/:collection/:_id', 'POST /:index/:collection/_search', 'GET /_plugin/geo/places/:name']
  .map((text): Route => {
    const [verb, path] = text.split(' ') as [Route['verb'], string]
    return { verb, path, controller: 'c', action: 'a', plugin: 'p' }
  })

describe('the route that was meant', () => {
  test.each([
    ['/_nwo', 'GET /_now'],
    ['/_NOW', 'GET /_now'],
    ['/_lits', 'GET /_list'],
    ['/_lists', 'GET /_list'],
    ['/shop/_crate', 'POST /:index/_create'],
    ['/shop/orders/_saerch', 'POST /:index/:collection/_search'],
    ['/_plugin/goe/places/Hue', 'GET /_plugin/geo/places/:name'],
    ['/_plugins/geo/places/a%20very%20long%20name', 'GET /_plugin/geo/places/:name'],
  ])('%s is likely %s', (path, route) => {
    expect(nearestRoute(path, routes)).toBe(route)
  })

  test.each(['/', '/a', '/completely/else/where/it/is', '/shop/orders/whatever', `/_now${'x'.repeat(300)}`])('%s is like none', (path) => {
    expect(nearestRoute(path, routes)).toBeUndefined()
  })

  test('there is none without routes', () => {
    expect(nearestRoute('/_now', [])).toBeUndefined()
  })

  test('the first wins among equals', () => {
    expect(nearestRoute('/_lost', [...routes, { ...routes[1] as Route, path: '/_last' }])).toBe('GET /_list')
  })
})
