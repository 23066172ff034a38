import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { ForbiddenError } from '@mortise/sdk'
import { definePlugin } from '../../../test/support/define-plugin.js'
import { RecordingLogger } from '../../../test/support/recording-logger.js'
import { EventBus } from './event-bus.js'
import type { PipeLimits } from './pipe-runner.js'
import type { HookDefinition, PipeDefinition } from './plugin-definition.js'
import { Registry } from './registry.js'

const limits: PipeLimits = { pipeTimeout: 0, maxConcurrentPipes: 50, pipesBufferSize: 50 }

function createBus(overrides: Partial<PipeLimits> = {}) {
  const registry = new Registry()
  const logger = new RecordingLogger()
  return { registry, logger, bus: new EventBus(registry, { ...limits, ...overrides }, logger) }
}

const pipe = (event: string, handler: PipeDefinition['handler'], more: Partial<PipeDefinition> = {}): PipeDefinition => ({ event, name: 'Test.pipe', handler, ...more })
const hook = (event: string, handler: HookDefinition['handler']): HookDefinition => ({ event, name: 'Test.hook', handler })

describe('pipes', () => {
  test('run one after another, each on what the one before gave back', async () => {
    const { registry, bus } = createBus()
    registry.register(definePlugin({ name: 'one', pipes: [pipe('a:b', async (text) => `${String(text)}1`)] }))
    registry.register(definePlugin({ name: 'two', pipes: [pipe('a:b', (text) => `${String(text)}2`)] }))
    expect(await bus.emit('a:b', 'x')).toBe('x12')
  })

  test('get the other arguments of an event unchanged', async () => {
    const { registry, bus } = createBus()
    registry.register(definePlugin({ name: 'one', pipes: [pipe('a:b', (list, request) => [...list as string[], request])] }))
    registry.register(definePlugin({ name: 'two', pipes: [pipe('a:b', (list, request) => [...list as string[], request])] }))
    expect(await bus.emit('a:b', [], 'request')).toEqual(['request', 'request'])
  })

  test('run from the particular to the general, whatever the load order', async () => {
    const { registry, bus } = createBus()
    const add = (mark: string) => (text: unknown) => `${String(text)}${mark}`
    registry.register(definePlugin({ name: 'all', pipes: [pipe('*:*', add('4'))] }))
    registry.register(definePlugin({ name: 'scope', pipes: [pipe('document:*', add('3'))] }))
    registry.register(definePlugin({ name: 'before', pipes: [pipe('document:before*', add('2'))] }))
    registry.register(definePlugin({ name: 'exact', pipes: [pipe('document:beforeCreate', add('1'))] }))
    expect(await bus.emit('document:beforeCreate', '')).toBe('1234')
  })

  test('end with the first error: no later pipe and no hook runs', async () => {
    const { registry, bus } = createBus()
    const calls: string[] = []
    registry.register(definePlugin({
      name: 'one',
      pipes: [pipe('a:b', () => { throw new ForbiddenError('not today') }), pipe('a:b', (value) => { calls.push('pipe'); return value })],
      hooks: [hook('a:b', () => calls.push('hook'))],
    }))
    await expect(bus.emit('a:b', {})).rejects.toMatchObject({ status: 403, message: 'not today' })
    expect(calls).toEqual([])
  })

  test.each([
    ['an error of its own', () => { throw new Error('plain failure') }, 'plain failure'],
    ['a text', () => { throw 'just text' }, 'just text'],
    ['an object', () => { throw { odd: true } }, '{"odd":true}'],
    ['nothing', () => { throw undefined }, 'undefined'],
  ])('that throw %s fail with 500 and the name of the plugin', async (_, handler, said) => {
    const { registry, bus } = createBus()
    registry.register(definePlugin({ name: 'geo', pipes: [pipe('a:b', handler)] }))
    await expect(bus.emit('a:b', {})).rejects.toMatchObject({
      status: 500, id: 'plugin.runtime.unexpected_error', code: 67239938, props: [said], message: expect.stringContaining('plugin "geo"'),
    })
  })

  test('that reject fail as those that throw', async () => {
    const { registry, bus } = createBus()
    registry.register(definePlugin({ name: 'geo', pipes: [pipe('a:b', () => Promise.reject(new Error('later')))] }))
    await expect(bus.emit('a:b', {})).rejects.toMatchObject({ id: 'plugin.runtime.unexpected_error', cause: expect.objectContaining({ message: 'later' }) })
  })

  test('that give nothing back fail, and the hint says what to do', async () => {
    const { registry, bus } = createBus()
    registry.register(definePlugin({ name: 'geo', pipes: [pipe('a:b', () => undefined)] }))
    await expect(bus.emit('a:b', {})).rejects.toMatchObject({ status: 500, message: expect.stringContaining('gave nothing back'), hint: expect.stringContaining('Return the payload') })
  })

  test('may give nothing back where there was nothing', async () => {
    const { registry, bus } = createBus()
    registry.register(definePlugin({ name: 'geo', pipes: [pipe('a:b', () => undefined)] }))
    await expect(bus.emit('a:b', null)).resolves.toBeUndefined()
  })

  test('that do not answer in time end with 504 and the names of plugin and event', async () => {
    const { registry, bus, logger } = createBus({ pipeTimeout: 20 })
    registry.register(definePlugin({ name: 'slow', pipes: [pipe('a:b', () => sleep(60, 'late'))] }))
    await expect(bus.emit('a:b', {})).rejects.toMatchObject({ status: 504, id: 'plugin.runtime.pipe_timeout', message: expect.stringMatching(/"slow".*"a:b"/) })
    await sleep(70)
    expect(logger.textsOf('warn')).toEqual([expect.stringContaining('answered "a:b" after its 20 ms')])
  })

  test('have the time that they ask for themselves', async () => {
    const { registry, bus } = createBus({ pipeTimeout: 10 })
    registry.register(definePlugin({ name: 'slow', pipes: [pipe('a:b', () => sleep(40, 'fine'), { timeout: 0 })] }))
    expect(await bus.emit('a:b', {})).toBe('fine')
  })

  test('beyond the limit wait for a slot, and beyond the buffer are refused with 503', async () => {
    const { registry, bus } = createBus({ maxConcurrentPipes: 1, pipesBufferSize: 1 })
    registry.register(definePlugin({ name: 'slow', pipes: [pipe('a:b', (value) => sleep(20, value))] }))
    const [first, second, third] = ['1', '2', '3'].map((value) => bus.emit('a:b', value))
    await expect(third).rejects.toMatchObject({ status: 503, id: 'plugin.runtime.too_many_pipes' })
    expect(await Promise.all([first, second])).toEqual(['1', '2'])
  })

  test('that refuse give their slot back', async () => {
    const { registry, bus } = createBus({ maxConcurrentPipes: 1, pipesBufferSize: 0 })
    registry.register(definePlugin({ name: 'no', pipes: [pipe('a:b', () => { throw new Error('no') })] }))
    for (let time = 0; time < 3; time++) await expect(bus.emit('a:b', {})).rejects.toMatchObject({ id: 'plugin.runtime.unexpected_error' })
  })
})

describe('hooks', () => {
  test('get the payload as the pipes left it, and the name they were registered under', async () => {
    const { registry, bus } = createBus()
    const calls: unknown[][] = []
    registry.register(definePlugin({
      name: 'one',
      pipes: [pipe('document:afterGet', () => 'piped')],
      hooks: [hook('document:afterGet', (...args) => calls.push(args)), hook('document:*', (...args) => calls.push(args))],
    }))
    await bus.emit('document:afterGet', 'raw', 'request')
    expect(calls).toEqual([['piped', 'request', 'document:afterGet'], ['piped', 'request', 'document:*']])
  })

  test('are not awaited', async () => {
    const { registry, bus } = createBus()
    let isDone = false
    registry.register(definePlugin({ name: 'one', hooks: [hook('a:b', async () => { await sleep(20); isDone = true })] }))
    await bus.emit('a:b', {})
    expect(isDone).toBe(false)
    await sleep(40)
    expect(isDone).toBe(true)
  })

  test.each([
    ['throws', () => { throw new Error('broken') }],
    ['rejects later', async () => { await sleep(5); throw new Error('broken') }],
  ])('one that %s disturbs nobody, is logged by name and told as hook:onError', async (_, handler) => {
    const { registry, bus, logger } = createBus()
    const failures: unknown[][] = []
    const calls: string[] = []
    registry.register(definePlugin({ name: 'bad', hooks: [hook('a:b', handler)] }))
    registry.register(definePlugin({ name: 'good', hooks: [hook('a:b', () => calls.push('good')), hook('hook:onError', (...args) => failures.push(args))] }))
    expect(await bus.emit('a:b', 'payload')).toBe('payload')
    await sleep(15)
    expect(calls).toEqual(['good'])
    expect(failures).toEqual([[{ error: expect.objectContaining({ id: 'plugin.runtime.unexpected_error' }), event: 'a:b', pluginName: 'bad' }, 'hook:onError']])
    expect(logger.textsOf('error')).toEqual([expect.stringContaining('plugin "bad"')])
  })

  test('that fail while told of a failure are told once more, and no further', async () => {
    const { registry, bus } = createBus()
    const loops: unknown[] = []
    registry.register(definePlugin({
      name: 'bad',
      hooks: [
        hook('a:b', () => { throw new Error('first') }),
        hook('hook:onError', () => { throw new Error('second') }),
        hook('plugin:hook:loop-error', (failure) => { loops.push(failure); throw new Error('third') }),
      ],
    }))
    await bus.emit('a:b', {})
    expect(loops).toEqual([{ error: expect.objectContaining({ props: ['second'] }), pluginName: 'bad' }])
  })

  test('notify tells hooks alone, and no pipe', async () => {
    const { registry, bus } = createBus()
    const calls: string[] = []
    registry.register(definePlugin({ name: 'one', pipes: [pipe('a:b', (value) => { calls.push('pipe'); return value })], hooks: [hook('a:b', () => calls.push('hook'))] }))
    bus.notify('a:b', {})
    expect(calls).toEqual(['hook'])
  })
})

test('an event that nobody hears is silent and yields its payload', async () => {
  const { bus } = createBus()
  expect(bus.isSilent('a:b')).toBe(true)
  expect(await bus.emit('a:b', 'payload')).toBe('payload')
})

test('a hook on the log that fails is logged, and not told of it in turn', async () => {
  const registry = new Registry()
  const logger = new RecordingLogger()
  const bus = new EventBus(registry, limits, logger)
  const told: unknown[] = []
  logger.error = (message) => { logger.entries.push({ level: 'error', message }); bus.log('error', message) }
  registry.register(definePlugin({ name: 'logger', hooks: [hook('log:error', async (message) => { told.push(message); throw new Error('disk full') })] }))
  logger.error('first')
  await sleep(10)
  expect(told).toEqual(['first'])
  expect(logger.entries).toHaveLength(2)
})
