import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { Request } from '@mortise/sdk'
import type { PluginCandidate } from '@app/packages'
import type { PluginReader, PluginStart } from '@app/pipeline'
import { RequestPaths } from './request-path.js'

const paths = new RequestPaths()
const request = (requestId: string): Request => new Request({ controller: 'server', action: 'now', requestId })

/** A listener as it is called, wrapped. */
const listen = (handler: (...payload: unknown[]) => unknown) =>
  paths.around({ plugin: 'geo', name: 'Geo.look', listener: 'pipe Geo.look', handler }, { kind: 'pipe', event: 'server:beforeNow' })

describe('on whose behalf something is done', () => {
  test('is known in a listener, and in all that it begins, and nowhere else', async () => {
    const seen: unknown[] = []
    const look = listen(async () => {
      seen.push(paths.currentId())
      await pause(1)
      seen.push(paths.currentId())
    })
    await Promise.all([look(request('one')), look(request('two'))])
    expect(seen.sort()).toEqual(['one', 'one', 'two', 'two'])
    expect(paths.currentId()).toBeUndefined()
  })

  test('is the client\'s request, also in what a plugin asks for on its way', () => {
    const inner = listen(() => paths.currentId())
    expect(listen(() => inner(request('inner')))(request('outer'))).toBe('outer')
  })

  test('is known where the end of a request is told, which is no stop on its way', () => {
    const ended = request('ended')
    expect(listen(() => paths.currentId())({ request: ended, success: true })).toBe('ended')
    expect(listen(() => paths.currentId())('something else')).toBeUndefined()
    expect(paths.linesOf(ended, 'request')).toEqual([])
  })

  test('is known in the actions of plugins', async () => {
    const handler = (): unknown => paths.currentId()
    const definition = { name: 'geo', controllers: [{ name: 'geo/map', actions: [{ name: 'draw', handler, routes: [] }] }] }
    const reader = { start: async () => ({ definition, close: async () => undefined }) } as unknown as PluginReader
    const { definition: { controllers } } = await paths.aroundReader(reader).start({} as PluginCandidate, {} as PluginStart)
    expect(controllers[0]?.actions[0]?.handler(request('asked'))).toBe('asked')
  })
})
