import { describe, expect, test } from '@jest/globals'
import { Causation } from '@app/causation'
import type { PluginCandidate } from '@app/packages'
import type { GuestServices, PluginReader, PluginStart } from '@app/pipeline'
import { definePlugin } from '../../../../test/support/define-plugin.js'
import { RecordingLogger } from '../../../../test/support/recording-logger.js'
import { HookReader } from './hook-reader.js'
import { InlineReader } from './inline-reader.js'
import { Isolator } from './isolator.js'
import { WorkerReader } from './worker-reader.js'

/** Reads whatever it is given, and remembers with which configuration. */
class Reader implements PluginReader {
  readonly configs: unknown[] = []
  accepts({ exported }: PluginCandidate): boolean { return exported === 'a plugin' }
  identify(): { name: string; version: string } { return { name: 'geo', version: '1.2.3' } }
  start(_candidate: PluginCandidate, { config }: PluginStart) {
    this.configs.push(config)
    return Promise.resolve({ definition: definePlugin({ name: 'geo' }), close: () => Promise.resolve() })
  }
}

const candidate: PluginCandidate = { place: 'code', folder: '/srv', packageJson: {}, exported: 'a plugin' }
const startWith = (config: Record<string, unknown>, close = (): void => undefined): PluginStart =>
  ({ identity: { name: 'geo', version: '1.2.3' }, config, common: {}, limit: 0, services: { logger: new RecordingLogger(), close } as unknown as GuestServices })

function createReader() {
  const reader = new Reader()
  const isolator = new Isolator({
    entry: new URL('file:///srv/nowhere.js'), root: '/srv', secretsOf: () => ({}), environment: {}, refuse: () => new Error('refused'), causation: new Causation(),
  })
  return { reader, isolator, worker: new WorkerReader({ reader, isolator }) }
}

describe('a reader that isolates', () => {
  test('accepts and identifies what its inner reader does', () => {
    const { worker } = createReader()
    expect(worker.accepts(candidate)).toBe(true)
    expect(worker.accepts({ ...candidate, exported: 'something else' })).toBe(false)
    expect(worker.identify(candidate)).toEqual({ name: 'geo', version: '1.2.3' })
  })

  test.each([[{}], [{ isolation: 'inline' }], [{ isolation: 'inline', memory: 64 }]])('leaves to its inner reader what runs inline, without the host\'s keys: %j', async (keys) => {
    const { reader, worker } = createReader()
    await worker.start(candidate, startWith({ ...keys, colour: 'red' }))
    expect(reader.configs).toEqual([{ colour: 'red' }])
  })

  test.each(['thread', 'process'])('refuses to put a class given by code into a %s, and lets go of the services', async (isolation) => {
    const { reader, worker } = createReader()
    let isClosed = false
    const starting = worker.start(candidate, startWith({ isolation }, () => { isClosed = true }))
    await expect(starting).rejects.toMatchObject({ id: 'plugin.worker.cannot_isolate', hint: expect.stringContaining('package'), place: expect.stringContaining('plugins.geo.isolation') })
    expect({ isClosed, started: reader.configs }).toEqual({ isClosed: true, started: [] })
  })

  test.each(['thread', 'process'])('tells when the %s does not even begin', async (isolation) => {
    const { worker } = createReader()
    const starting = worker.start({ ...candidate, folder: '/srv/geo' }, startWith({ isolation }))
    await expect(starting).rejects.toMatchObject({ id: 'plugin.worker.unavailable', status: 503, message: expect.stringContaining('"geo"') })
  })
})

describe('a reader of plugins that stay with the host', () => {
  test('reads them inline, without the host\'s key', async () => {
    const reader = new Reader()
    await new InlineReader(reader).start(candidate, startWith({ isolation: 'inline', memory: '1G' }))
    expect(reader.configs).toEqual([{ memory: '1G' }])
  })

  test('refuses any other place', async () => {
    const starting = new InlineReader(new Reader()).start(candidate, startWith({ isolation: 'thread' }))
    await expect(starting).rejects.toMatchObject({ id: 'plugin.worker.cannot_isolate' })
  })
})

describe('a reader that puts hooks into processes', () => {
  const hooksOf = (threads: unknown) => {
    const { reader, isolator } = createReader()
    return { reader, hooks: new HookReader({ reader, isolator, threadsOf: () => threads, placeOf: () => ({}) }) }
  }

  test.each([[undefined], [0]])('leaves to its inner reader what asks for %p', async (threads) => {
    const { reader, hooks } = hooksOf(threads)
    expect(hooks.accepts(candidate)).toBe(true)
    expect(hooks.identify(candidate)).toEqual({ name: 'geo', version: '1.2.3' })
    await hooks.start(candidate, startWith({ threads, isolation: 'inline' }))
    expect(reader.configs).toEqual([{ threads, isolation: 'inline' }])
  })

  test.each([
    ['2', {}, 'its "threads" is "2"'],
    [-1, {}, 'its "threads" is -1'],
    [0.5, {}, 'its "threads" is 0.5'],
    [65, {}, 'its "threads" is 65'],
    [2, { isolation: 'inline' }, 'it has "threads", which are processes, and the isolation "inline"'],
  ])('refuses %p with %j', async (threads, config, fault) => {
    await expect(hooksOf(threads).hooks.start(candidate, startWith(config))).rejects.toMatchObject({
      id: 'plugin.worker.cannot_isolate', message: expect.stringContaining(fault), place: 'the configuration → plugins.geo.threads', hint: expect.stringMatching(/./),
    })
  })
})
