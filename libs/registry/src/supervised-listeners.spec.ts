import { describe, expect, test } from '@jest/globals'
import { ForbiddenError, NotFoundError, type Request } from '@mortise/sdk'
import { Supervisor, type CallBudget, type PluginBudget, type TappedCall } from '@app/supervision'
import { definePlugin } from '../../../test/support/define-plugin.js'
import { RecordingLogger } from '../../../test/support/recording-logger.js'
import { EventBus } from './event-bus.js'
import type { HookDefinition, PipeDefinition } from './plugin-definition.js'
import { Registry } from './registry.js'

/** A bus whose listeners are supervised, with a clock that is put forward by hand. */
function createBus({ quarantineAfter = 0, slowAfter = 0, pipeTimeout = 0 }: { quarantineAfter?: number; slowAfter?: number; pipeTimeout?: number } = {}) {
  let now = 0
  const logger = new RecordingLogger()
  const supervisor = new Supervisor({ logger, clock: () => now, quarantineAfter, slowAfter, pipeTimeout })
  const registry = new Registry(supervisor)
  const bus = new EventBus(registry, { pipeTimeout, maxConcurrentPipes: 50, pipesBufferSize: 50 }, logger)
  return { bus, registry, supervisor, logger, wait: (milliseconds: number) => { now += milliseconds } }
}

const pipe = (handler: PipeDefinition['handler'], budget?: CallBudget, more: Partial<PipeDefinition> = {}): PipeDefinition =>
  ({ event: 'a:b', name: 'Geo.locate', handler, budget, ...more })
const hook = (handler: HookDefinition['handler'], budget?: CallBudget): HookDefinition => ({ event: 'a:b', name: 'Geo.log', handler, budget })
const geo = (...pipes: PipeDefinition[]) => definePlugin({ name: 'geo', pipes })
const granted = (budget: PluginBudget, ...pipes: PipeDefinition[]) => definePlugin({ name: 'geo', budget, pipes })

/** A listener that answers when it is told to. */
function held() {
  const answers: ((value: unknown) => void)[] = []
  return { answers, handler: () => new Promise((resolve) => { answers.push(resolve) }) }
}

const fail = (): never => { throw new Error('broken') }
const turn = () => new Promise((resolve) => { setImmediate(resolve) })
const outcome = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: { id?: string; status?: number }) => error.id)

describe('a pipe without a budget', () => {
  test('is called as it is, and counted', async () => {
    const { bus, registry, supervisor } = createBus()
    const handler = (value: unknown): unknown => value
    registry.register(geo(pipe(handler)))
    await bus.emit('a:b', 1)
    expect(registry.chainOf('a:b')?.pipes[0]?.handler).toBe(handler)
    expect(supervisor.meters.map(({ subject, counts }) => [subject.plugin, subject.name, subject.event, counts.ok])).toEqual([['geo', 'Geo.locate', 'a:b', 1]])
  })

  test.each([
    ['refuses', () => { throw new ForbiddenError('no') }, { ok: 0, refused: 1, failed: 0, skipped: 0 }],
    ['breaks', fail, { ok: 0, refused: 0, failed: 1, skipped: 0 }],
    ['rejects', async () => fail(), { ok: 0, refused: 0, failed: 1, skipped: 0 }],
    ['gives nothing back', () => undefined, { ok: 0, refused: 0, failed: 1, skipped: 0 }],
  ])('that %s is counted so', async (_title, handler, counts) => {
    const { bus, registry, supervisor } = createBus()
    registry.register(geo(pipe(handler)))
    await outcome(bus.emit('a:b', 1))
    expect(supervisor.meters[0]?.counts).toEqual(counts)
  })

  test('that is slow is named in the log with its p99, and not again at once', async () => {
    const { bus, registry, logger } = createBus({ slowAfter: 1e-6 })
    registry.register(geo(pipe((value) => value)))
    for (let time = 0; time < 3; time++) await bus.emit('a:b', 1)
    expect(logger.textsOf('warn')).toEqual([expect.stringMatching(/^Plugin "geo" took [\d.]+ ms for "a:b" \(pipe Geo\.locate on "a:b"\); 99 of 100 of its 1 calls took at most [\d.]+ ms \(p99\)\.$/)])
  })
})

describe('concurrency and queue', () => {
  test('of a listener: so many at once, so many wait in order, and one more is refused with 503', async () => {
    const { bus, registry } = createBus()
    const { answers, handler } = held()
    registry.register(geo(pipe(handler, { concurrency: 1, queue: 1 })))
    const [first, second, third] = ['1', '2', '3'].map((value) => bus.emit('a:b', value))
    await expect(third).rejects.toMatchObject({ status: 503, id: 'plugin.runtime.too_many_calls', message: 'Too many calls wait for plugin "geo" to answer "a:b".' })
    expect(answers).toHaveLength(1)
    answers[0]?.('one')
    expect(await first).toBe('one')
    await turn()
    answers[1]?.('two')
    expect(await second).toBe('two')
    const fourth = bus.emit('a:b', '4')
    answers[2]?.('four')
    expect(await fourth).toBe('four')
  })

  test('of a plugin hold for all its listeners together, and for nobody else\'s', async () => {
    const { bus, registry } = createBus()
    const { answers, handler } = held()
    registry.register(granted({ concurrency: 1 }, pipe(handler), pipe((value) => value, undefined, { event: 'c:d', name: 'Geo.other' })))
    registry.register(definePlugin({ name: 'shop', pipes: [pipe((value) => value, undefined, { event: 'e:f' })] }))
    const first = bus.emit('a:b', 1)
    expect(await outcome(bus.emit('c:d', 1))).toBe('plugin.runtime.too_many_calls')
    expect(await bus.emit('e:f', 1)).toBe(1)
    answers[0]?.('done')
    await first
    expect(await bus.emit('c:d', 2)).toBe(2)
  })

  test('give the turn back whatever becomes of the call', async () => {
    const { bus, registry } = createBus()
    const ways = [fail, () => { throw new ForbiddenError('no') }, async () => fail(), () => undefined, () => 'well']
    registry.register(geo(pipe((value) => ways[value as number]?.(), { concurrency: 1 })))
    const seen = []
    for (const way of ways.keys()) seen.push(await outcome(bus.emit('a:b', way)))
    expect(seen).toEqual(['plugin.runtime.unexpected_error', undefined, 'plugin.runtime.unexpected_error', 'plugin.runtime.unexpected_error', 'well'])
  })

  test('of a hook: what there is no room for is not told, which the log says once', async () => {
    const { bus, registry, supervisor, logger } = createBus()
    const { answers, handler } = held()
    registry.register(definePlugin({ name: 'geo', hooks: [hook(handler, { concurrency: 1, queue: 1 })] }))
    for (let time = 0; time < 4; time++) await bus.emit('a:b', time)
    expect(answers).toHaveLength(1)
    answers[0]?.(undefined)
    await turn()
    expect(answers).toHaveLength(2)
    expect(supervisor.meters[0]?.counts.skipped).toBe(2)
    expect(logger.textsOf('warn')).toEqual(['Too many calls wait for plugin "geo" to answer "a:b". It is not told.'])
  })

  test('of a plugin hold for its actions', async () => {
    const { registry } = createBus()
    const { answers, handler } = held()
    registry.register(definePlugin({ name: 'geo', budget: { concurrency: 1 }, controllers: [{ name: 'geo/map', actions: [{ name: 'draw', handler, routes: [] }] }] }))
    const draw = registry.actions.get('geo/map')?.get('draw')?.action.handler as (request: Request) => Promise<unknown>
    const first = draw({} as Request)
    expect(() => draw({} as Request)).toThrow('Too many calls wait for plugin "geo" to answer "geo/map:draw".')
    answers[0]?.('drawn')
    expect(await first).toBe('drawn')
  })
})

describe('actions', () => {
  const drawn = (handler: () => unknown, budget?: object) => {
    const host = createBus()
    host.registry.register(definePlugin({ name: 'geo', budget, controllers: [{ name: 'geo/map', actions: [{ name: 'draw', handler, routes: [] }] }] }))
    return { ...host, draw: async () => host.registry.actions.get('geo/map')?.get('draw')?.action.handler({} as Request) }
  }

  test.each([['without a budget', undefined], ['within a budget', { concurrency: 1 }]])('are counted and tapped, %s', async (_title, budget) => {
    const ways = [() => 'drawn', async () => 'drawn', () => fail(), async () => fail(), () => { throw new NotFoundError('no map') }]
    let turns = 0
    const { supervisor, draw } = drawn(() => ways[turns++]?.(), budget)
    const tapped: TappedCall[] = []
    supervisor.tap.watch('geo/map:*', (call) => tapped.push(call))
    for (const _way of ways) await outcome(draw())
    expect(supervisor.meters.map(({ subject, counts }) => [subject.kind, subject.event, counts])).toEqual([['action', 'geo/map:draw', { ok: 2, failed: 2, refused: 1, skipped: 0 }]])
    expect(tapped.map(({ outcome: end }) => end)).toEqual(['ok', 'ok', 'failed', 'failed', 'refused'])
    expect(tapped[0]).toMatchObject({ kind: 'action', plugin: 'geo', event: 'geo/map:draw' })
  })

  test('that answer with what does its work anew for each who waits are waited for once', async () => {
    let times = 0
    const lazy = { then: (resolve: (value: string) => void) => resolve(`drawn ${++times} times`) }
    expect(await drawn(() => lazy).draw()).toBe('drawn 1 times')
    expect(times).toBe(1)
  })

  test('that are not made for quarantine are counted as such', async () => {
    const { supervisor, draw } = drawn(() => 'drawn')
    supervisor.quarantine('geo', 'somebody said so')
    expect(await outcome(draw())).toBe('plugin.runtime.quarantined')
    expect(supervisor.meters[0]?.counts).toMatchObject({ ok: 0, skipped: 1 })
  })
})

describe('time', () => {
  test('of a plugin is that of its pipes that set none', async () => {
    const { bus, registry } = createBus({ pipeTimeout: 60_000 })
    registry.register(granted({ timeout: 5 }, pipe(held().handler)))
    await expect(bus.emit('a:b', 1)).rejects.toMatchObject({ status: 504, id: 'plugin.runtime.pipe_timeout', message: expect.stringMatching(/"geo".*"a:b"/) })
  })

  test('includes waiting for a turn; who gave up is not called any more', async () => {
    const { bus, registry } = createBus()
    const { answers, handler } = held()
    registry.register(geo(pipe(handler, { concurrency: 1, queue: 5 }, { timeout: 10 })))
    const seen = await Promise.all([1, 2].map((value) => outcome(bus.emit('a:b', value))))
    expect(seen).toEqual(['plugin.runtime.pipe_timeout', 'plugin.runtime.pipe_timeout'])
    // The first gave its turn back when it was given up; nobody waits for what the others would have said.
    await turn()
    expect(answers.length).toBeLessThanOrEqual(2)
    const last = bus.emit('a:b', 3)
    answers.at(-1)?.('well')
    expect(await last).toBe('well')
  })

  test('of a hook makes it a failure that is logged and told', async () => {
    const { bus, registry, logger } = createBus()
    const failures: unknown[] = []
    registry.register(definePlugin({ name: 'geo', hooks: [hook(held().handler, { timeout: 5 })] }))
    registry.register(definePlugin({ name: 'witness', hooks: [{ event: 'hook:onError', name: 'Witness.hear', handler: (failure) => { failures.push(failure) } }] }))
    await bus.emit('a:b', 1)
    while (failures.length === 0) await turn()
    expect(failures).toEqual([{ pluginName: 'geo', event: 'a:b', error: expect.objectContaining({ id: 'plugin.runtime.call_timeout', status: 504 }) }])
    expect(logger.textsOf('error')).toEqual(['Plugin "geo" has not answered hook Geo.log on "a:b" within 5 ms.'])
  })

  test('that has passed drops the answer, which the log says', async () => {
    const { bus, registry, logger } = createBus()
    const { answers, handler } = held()
    registry.register(geo(pipe(handler, { concurrency: 3 }, { timeout: 5 })))
    await outcome(bus.emit('a:b', 1))
    answers[0]?.('late')
    await turn()
    expect(logger.textsOf('warn')).toEqual(['Plugin "geo" answered "a:b" after its 5 ms had passed (pipe Geo.locate on "a:b"); the answer is dropped.'])
  })
})

describe('a pipe that fails open', () => {
  const broken: [string, PipeDefinition['handler']][] = [['throws', fail], ['rejects', async () => fail()], ['gives nothing back', () => undefined]]

  test.each(broken)('and %s is passed by with the payload it was given, and the log names it', async (_title, handler) => {
    const { bus, registry, supervisor, logger } = createBus()
    registry.register(geo(pipe(handler, { onFailure: 'fail-open' }), pipe((value) => `${String(value)}, then the next`)))
    expect(await bus.emit('a:b', 'given')).toBe('given, then the next')
    expect(logger.textsOf('warn')).toEqual([expect.stringMatching(/^pipe Geo\.locate on "a:b" of plugin "geo" failed and was passed by/)])
    expect(supervisor.meters[0]?.counts.failed).toBe(1)
  })

  test('and does not answer in time is passed by', async () => {
    const { bus, registry } = createBus()
    registry.register(granted({ onFailure: 'fail-open', timeout: 5 }, pipe(held().handler)))
    expect(await bus.emit('a:b', 'given')).toBe('given')
  })

  test('still refuses: an error of a status below 500 is an answer', async () => {
    const { bus, registry } = createBus()
    registry.register(geo(pipe(() => { throw new ForbiddenError('not today') }, { onFailure: 'fail-open' })))
    await expect(bus.emit('a:b', 'given')).rejects.toMatchObject({ status: 403, message: 'not today' })
  })

  test('may close where its plugin opens', async () => {
    const { bus, registry } = createBus()
    registry.register(granted({ onFailure: 'fail-open' }, pipe(fail, { onFailure: 'fail-closed' })))
    expect(await outcome(bus.emit('a:b', 'given'))).toBe('plugin.runtime.unexpected_error')
  })
})

describe('a breaker', () => {
  const breaker = { failures: 2, probeAfter: 100 }

  test('answers at once with 503 and the names of plugin and event, probes, and closes', async () => {
    const { bus, registry, logger, wait } = createBus()
    let isBroken = true
    let calls = 0
    registry.register(geo(pipe((value) => { calls++; return isBroken ? fail() : value }, { breaker })))
    for (let time = 0; time < 2; time++) expect(await outcome(bus.emit('a:b', 1))).toBe('plugin.runtime.unexpected_error')
    await expect(bus.emit('a:b', 1)).rejects.toMatchObject({ status: 503, id: 'plugin.runtime.breaker_open', message: 'Plugin "geo" keeps failing and is not asked for "a:b" for a while.' })
    expect(calls).toBe(2)
    wait(100)
    expect(await outcome(bus.emit('a:b', 1))).toBe('plugin.runtime.unexpected_error')
    expect(await outcome(bus.emit('a:b', 1))).toBe('plugin.runtime.breaker_open')
    isBroken = false
    wait(100)
    expect([await bus.emit('a:b', 1), await bus.emit('a:b', 2)]).toEqual([1, 2])
    expect(calls).toBe(5)
    expect(logger.textsOf('error')).toEqual(Array(2).fill('Plugin "geo" keeps failing: the breaker of pipe Geo.locate on "a:b" has opened.'))
    expect(logger.textsOf('warn')).toEqual(['Plugin "geo" is well again: the breaker of pipe Geo.locate on "a:b" has closed.'])
  })

  test('is not opened by refusals', async () => {
    const { bus, registry } = createBus()
    registry.register(geo(pipe(() => { throw new ForbiddenError('no') }, { breaker })))
    for (let time = 0; time < 5; time++) await expect(bus.emit('a:b', 1)).rejects.toMatchObject({ status: 403 })
  })

  test('is opened by calls that do not answer in time', async () => {
    const { bus, registry } = createBus()
    registry.register(geo(pipe(held().handler, { breaker }, { timeout: 5 })))
    for (let time = 0; time < 2; time++) expect(await outcome(bus.emit('a:b', 1))).toBe('plugin.runtime.pipe_timeout')
    expect(await outcome(bus.emit('a:b', 1))).toBe('plugin.runtime.breaker_open')
  })

  test('that is open passes by what fails open, and does not tell hooks', async () => {
    const { bus, registry, supervisor } = createBus()
    let [asked, told] = [0, 0]
    registry.register(definePlugin({ name: 'geo', budget: { onFailure: 'fail-open', breaker: { failures: 1, probeAfter: 100 } }, pipes: [pipe(() => { asked++; return fail() })], hooks: [hook(() => { told++; fail() })] }))
    for (let time = 0; time < 3; time++) expect(await bus.emit('a:b', 'given')).toBe('given')
    expect([asked, told]).toEqual([1, 1])
    expect(supervisor.meters.map(({ counts }) => [counts.failed, counts.skipped])).toEqual([[1, 2], [1, 2]])
  })

  test('lets one of many that wait probe', async () => {
    const { bus, registry, wait } = createBus()
    const { answers, handler } = held()
    let isBroken = true
    registry.register(geo(pipe((value) => (isBroken ? fail() : handler().then(() => value)), { breaker, concurrency: 1, queue: 5 })))
    for (let time = 0; time < 2; time++) await outcome(bus.emit('a:b', 1))
    isBroken = false
    wait(100)
    const [probe, ...others] = [1, 2, 3].map((value) => outcome(bus.emit('a:b', value)))
    expect(await Promise.all(others)).toEqual(['plugin.runtime.breaker_open', 'plugin.runtime.breaker_open'])
    answers[0]?.('well')
    expect(await probe).toBe(1)
  })

  test('holds for a listener on a pattern as a whole', async () => {
    const { bus, registry } = createBus()
    registry.register(geo(pipe(fail, { breaker }, { event: 'a:*' })))
    await outcome(bus.emit('a:b', 1))
    await outcome(bus.emit('a:c', 1))
    await expect(bus.emit('a:d', 1)).rejects.toMatchObject({ message: 'Plugin "geo" keeps failing and is not asked for "a:d" for a while.' })
  })
})

describe('quarantine', () => {
  const breaker = { failures: 1, probeAfter: 100 }

  /** A plugin whose breaker has opened three times in a row. */
  async function createQuarantined() {
    const host = createBus({ quarantineAfter: 3 })
    let isBroken = true
    const controllers = [{ name: 'geo/map', actions: [{ name: 'draw', handler: () => 'drawn', routes: [] }] }]
    host.registry.register(definePlugin({ name: 'geo', pipes: [pipe((value) => (isBroken ? fail() : value), { breaker })], controllers }))
    for (let time = 0; time < 3; time++) {
      await outcome(host.bus.emit('a:b', 1))
      host.wait(100)
    }
    const draw = () => host.registry.actions.get('geo/map')?.get('draw')?.action.handler({} as Request)
    return { ...host, draw, mend: () => { isBroken = false } }
  }

  test('comes after breakers have opened several times in a row, and keeps its reason', async () => {
    const { bus, supervisor, draw, logger } = await createQuarantined()
    const reason = 'its breakers opened 3 times in a row, at last that of pipe Geo.locate on "a:b"'
    expect(supervisor.of('geo').quarantine).toEqual({ reason, since: expect.any(Number) })
    await expect(bus.emit('a:b', 1)).rejects.toMatchObject({ status: 503, id: 'plugin.runtime.quarantined', message: `Plugin "geo" is in quarantine and does not answer "a:b": ${reason}.` })
    expect(draw).toThrow('is in quarantine and does not answer "geo/map:draw"')
    expect(logger.textsOf('error').at(-1)).toContain('"mortise plugins resume geo" lets it out')
  })

  test('ends when the plugin is resumed, which begins anew', async () => {
    const { bus, supervisor, draw, mend } = await createQuarantined()
    mend()
    expect(await outcome(bus.emit('a:b', 1))).toBe('plugin.runtime.quarantined')
    expect(supervisor.resume('geo')).toMatchObject({ reason: expect.stringContaining('3 times in a row') })
    expect([await bus.emit('a:b', 1), draw(), supervisor.of('geo').quarantine, supervisor.resume('geo')]).toEqual([1, 'drawn', undefined, undefined])
  })

  test('ends when the plugin is registered anew', async () => {
    const { bus, registry, supervisor } = createBus()
    const remove = registry.register(geo(pipe((value) => value)))
    supervisor.quarantine('geo', 'somebody said so')
    expect(await outcome(bus.emit('a:b', 1))).toBe('plugin.runtime.quarantined')
    remove()
    registry.register(geo(pipe((value) => value)))
    expect(await bus.emit('a:b', 1)).toBe(1)
  })

  test('does not come when a breaker has closed in between', async () => {
    const { bus, registry, supervisor, wait } = createBus({ quarantineAfter: 2 })
    registry.register(geo(pipe((value) => (value === 'bad' ? fail() : value), { breaker })))
    for (const value of ['bad', 'good', 'bad', 'good', 'bad']) {
      await outcome(bus.emit('a:b', value))
      wait(100)
    }
    expect(supervisor.of('geo').quarantine).toBeUndefined()
  })

  test('passes by pipes that fail open, and tells no hooks', async () => {
    const { bus, registry, supervisor } = createBus()
    const told: unknown[] = []
    registry.register(definePlugin({ name: 'geo', pipes: [pipe(() => 'changed', { onFailure: 'fail-open' })], hooks: [hook((value) => { told.push(value) })] }))
    supervisor.quarantine('geo', 'somebody said so')
    expect(await bus.emit('a:b', 'given')).toBe('given')
    expect(told).toEqual([])
  })

  test('comes after so many crashes in a row', () => {
    const { supervisor } = createBus({ quarantineAfter: 3 })
    supervisor.begin('sturdy', { quarantineAfter: 0 })
    expect([1, 2, 3].map((times) => supervisor.crashed('geo', times, 'it ran out of memory'))).toEqual([false, false, true])
    expect(supervisor.of('geo').quarantine?.reason).toBe('it went down 3 times in a row, at last because it ran out of memory')
    expect(supervisor.crashed('sturdy', 100, 'it ended')).toBe(false)
  })
})
