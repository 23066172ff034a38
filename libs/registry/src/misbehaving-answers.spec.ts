import { describe, expect, test } from '@jest/globals'
import { Request } from '@mortise/sdk'
import { Supervisor, type CallBudget } from '@app/supervision'
import { definePlugin } from '../../../test/support/define-plugin.js'
import { RecordingLogger } from '../../../test/support/recording-logger.js'
import { EventBus } from './event-bus.js'
import { Registry } from './registry.js'

/** A bus with room for one walk along the pipes, so that one whose room is not given back is noticed by the next. */
function createBus() {
  const logger = new RecordingLogger()
  const registry = new Registry(new Supervisor({ logger, clock: () => 0, quarantineAfter: 0, slowAfter: 0, pipeTimeout: 0 }))
  return { registry, logger, bus: new EventBus(registry, { pipeTimeout: 0, maxConcurrentPipes: 1, pipesBufferSize: 0 }, logger) }
}

const circle = (): object => {
  const self: Record<string, unknown> = { odd: true }
  self.self = self
  return self
}
const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}
const throwing = (thing: unknown) => (): never => { throw thing }

/** A promise as libraries of old made them, or as a subclass may. */
class TwiceTold<T> extends Promise<T> {
  static override get [Symbol.species]() { return Promise }

  override then<A = T, B = never>(onValue?: ((value: T) => A | PromiseLike<A>) | null, onFailure?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<A | B> {
    void super.then(onValue, onFailure)
    return super.then(onValue, onFailure)
  }
}
const thenable = (then: (resolve: (value: unknown) => void, reject: (thrown: unknown) => void) => void): object => ({ then })
const twice = thenable((resolve) => { resolve('first'); resolve('second') })
const thenFails = thenable((resolve, reject) => { resolve('first'); reject(new Error('changed its mind')); throw new Error('and once more') })

const budgets: [string, CallBudget | undefined][] = [['none', undefined], ['one at a time', { concurrency: 1, queue: 0, breaker: { failures: 100, probeAfter: 1 } }]]

const DOCUMENTS = [{ _id: 'a', _source: {} }]

describe.each(budgets)('an answer that nobody could go on with, to a pipe with a budget of %s', (_budget, budget) => {
  const ask = async (event: string, payload: unknown, answer: unknown): Promise<unknown> => {
    const { registry, bus } = createBus()
    registry.register(definePlugin({ name: 'geo', pipes: [{ event, name: 'Geo.locate', handler: () => answer, budget }] }))
    return bus.emit(event, payload).then((value: unknown) => value, (thrown: Error) => thrown.message)
  }

  test.each([
    ['nothing', 'a:b', {}, undefined, 'gave nothing back'],
    ['no request', 'server:beforeNow', new Request({}), { input: {} }, 'gave back something that is no request'],
    ['null for a request', 'server:beforeNow', new Request({}), null, 'gave back something that is no request'],
    ['one document for a list', 'generic:document:beforeWrite', DOCUMENTS, DOCUMENTS[0], 'gave back something that is no list of documents'],
    ['a list with a gap', 'generic:document:beforeWrite', DOCUMENTS, [null], 'gave back a list with something that is no document'],
  ])('%s is the fault of its plugin', async (...[, event, payload, answer, fault]) => {
    expect(await ask(event, payload, answer)).toContain(`the pipe on "${event}" ${fault}\nIt comes from plugin "geo", pipe Geo.locate`)
  })

  test.each([
    ['another request', 'server:beforeNow', new Request({}), new Request({})],
    ['fewer documents', 'generic:document:beforeWrite', DOCUMENTS, []],
    ['what was no document before', 'generic:document:afterGet', [true], [false]],
    ['null where it may be', 'a:b', {}, null],
    ['something else of what a plugin triggers', 'plugin-geo:moved', [1], { one: 1 }],
  ])('%s is none', async (_what, event, payload, answer) => {
    expect(await ask(event, payload, answer)).toBe(answer)
  })
})

describe.each(budgets)('a pipe with a budget of %s', (_budget, budget) => {
  const withPipe = (handler: (value: unknown) => unknown) => {
    const made = createBus()
    made.registry.register(definePlugin({ name: 'geo', pipes: [{ event: 'a:b', name: 'Geo.locate', handler, budget }] }))
    return made
  }

  test.each([
    ['throws a circle', throwing(circle()), /odd/],
    ['throws what JSON has no words for', throwing({ count: 1n }), /1n/],
    ['throws what cannot be looked at', throwing(revoked()), /geo/],
    ['rejects with a circle', () => Promise.reject(circle() as Error), /odd/],
    ['gives back what throws when it is asked for "then"', () => Object.defineProperty({}, 'then', { get: throwing(new Error('no then')) }), /no then/],
    ['gives back what throws when it is waited for', () => thenable(throwing(new Error('not now'))), /not now/],
    ['gives back what cannot be looked at', revoked, /./],
  ])('that %s refuses with 500 and its name, and keeps no room', async (_title, handler, said) => {
    const { bus, registry } = withPipe(handler)
    for (let time = 0; time < 3; time++) {
      const error = await bus.emit('a:b', {}).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ status: 500, id: 'plugin.runtime.unexpected_error', message: expect.stringContaining('plugin "geo"') })
      expect((error as Error).message).toMatch(said)
    }
    await registry.traffic.drained()
  })

  test.each([['a promise of its own kind', () => new TwiceTold((resolve) => resolve('first'))], ['a thenable', () => twice], ['a thenable that fails afterwards', () => thenFails]])(
    'that answers twice, by %s, is heard once', async (_title, handler) => {
      const { bus, registry, logger } = withPipe(handler)
      for (let time = 0; time < 3; time++) expect(await bus.emit('a:b', {})).toBe('first')
      await registry.traffic.drained()
      expect(logger.entries).toEqual([])
    })
})

describe('a hook', () => {
  test.each([
    ['throws a circle', throwing(circle()), 1],
    ['gives back what throws when it is asked for "then"', () => Object.defineProperty({}, 'then', { get: throwing(new Error('no then')) }), 1],
    ['answers twice, by a promise of its own kind', () => new TwiceTold((resolve) => resolve('first')), 0],
    ['answers twice, by a thenable', () => twice, 0],
    ['rejects twice', () => thenable((_, reject) => { reject(circle()); reject(circle()) }), 1],
  ])('that %s is counted and told of once', async (_title, handler, failures) => {
    const { bus, registry, logger } = createBus()
    registry.register(definePlugin({ name: 'geo', hooks: [{ event: 'a:b', name: 'Geo.log', handler }] }))
    bus.notify('a:b', {})
    await registry.traffic.drained()
    expect(logger.textsOf('error')).toEqual(Array.from({ length: failures }, () => expect.stringContaining('plugin "geo"')))
    bus.notify('a:b', {})
    await registry.traffic.drained()
    expect(logger.textsOf('error')).toHaveLength(2 * failures)
  })
})
