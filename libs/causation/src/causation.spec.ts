import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { Request, type ApiError } from '@mortise/sdk'
import { Carrier } from './carrier.js'
import { Causation, type CausationLimits, type FollowedListener } from './causation.js'
import type { PackedCause } from './cause.js'

const request = (_id: string, action = 'update'): Request => new Request({ controller: 'document', action, index: 'shop', collection: 'orders', _id })

function create(limits?: CausationLimits) {
  const causation = new Causation(limits)
  const listen = (name: string, handler: (...payload: unknown[]) => unknown, more: Partial<FollowedListener> = {}) =>
    causation.guard({ name: `plugin ${name}`, event: 'document:afterUpdate', isReentrant: false, hears: () => true, ...more }, handler)
  return { causation, listen }
}

describe('a listener', () => {
  test('gets what it is called with, and what it yields or throws is its own', async () => {
    const { listen } = create()
    expect(listen('a', (...payload) => payload)(1, 2, 3)).toEqual([1, 2, 3])
    await expect(listen('a', () => Promise.reject(new Error('mine')))({})).rejects.toThrow('mine')
    expect(() => listen('a', () => { throw new Error('mine') })({})).toThrow('mine')
  })

  test('is not called for the entity it is at work on, however late it causes that', async () => {
    const { causation, listen } = create()
    const seen: string[] = []
    const hook = listen('a.index', async (given) => {
      const { input: { args: { _id } } } = given as Request
      seen.push(_id)
      await turn()
      await causation.follow('document:update', () => hook(request(_id === 'one' ? 'two' : 'one')))
    })
    await expect(hook(request('one'))).rejects.toMatchObject({
      id: 'plugin.runtime.listener_loop', status: 500, place: 'plugin a.index',
      message: expect.stringContaining('plugin a.index -> document:update -> plugin a.index -> document:update -> plugin a.index'),
    })
    expect(seen).toEqual(['one', 'two'])
  })

  test('is told the whole circle', async () => {
    const { causation } = create()
    const follow = (name: string, next: () => unknown) =>
      causation.guard({ name, event: 'document:afterUpdate', isReentrant: false, hears: () => true }, () => causation.follow('document:update', () => next()))
    const index = follow('plugin geo.index', () => record(request('one')))
    const record = follow('plugin audit.record', () => index(request('one')))
    const { id, message } = await Promise.resolve(index(request('one'))).catch((error: unknown) => error as ApiError) as ApiError
    expect(`${id}: ${message.split('\n')[0]}`).toBe([
      'plugin.runtime.listener_loop: A listener to "document:afterUpdate" is the cause of its own call, for what it is at work on:',
      'plugin geo.index -> document:update -> plugin audit.record -> document:update -> plugin geo.index',
    ].join(' '))
  })

  test('is called for it once the chain has ended, and in others at the same time', async () => {
    const { causation, listen } = create()
    let times = 0
    const hook = listen('a', async () => { await turn(); times++ })
    const call = (): Promise<unknown> => causation.follow('document:update', () => hook(request('one')))
    await Promise.all([call(), call()])
    await call()
    expect(times).toBe(3)
  })

  test('is called for it under another event, by another name, or when it says that it may be', async () => {
    const { causation, listen } = create()
    const inner = (more: Partial<FollowedListener>, name = 'a') => listen(name, () => 'called', more)
    for (const next of [inner({ event: 'document:*' }), inner({}, 'b'), inner({ isReentrant: true }), inner({ hears: () => false })]) {
      const outer = listen('a', () => causation.follow('document:update', () => next(request('one'))))
      await expect(outer(request('one'))).resolves.toBe('called')
    }
  })

  test('is followed to whatever is done later on its behalf', async () => {
    const jobs: { deliver: () => unknown; cause?: PackedCause }[] = []
    const told: unknown[] = []
    const deliver = (): unknown => hook(request('one'))
    const index = (): unknown => jobs.push({ deliver, cause: causation.pack() })

    const causation = new Causation({ depth: 16, fanOut: 1000 })
    const hook = causation.guard({ name: 'plugin geo.index', event: 'document:afterUpdate', isReentrant: false, hears: () => true }, index)
    await causation.follow('document:update', () => hook(request('one')))
    for (const { deliver, cause } of jobs) {
      await causation.resume(cause, () => causation.follow('document:update', deliver)).catch((error: unknown) => told.push(error))
    }

    expect(told).toMatchObject([{ id: 'plugin.runtime.listener_loop' }])
  })

  test('works on the entity it was called with, whatever it makes of its payload', async () => {
    const { causation, listen } = create()
    const hook = listen('a', async (given) => {
      const { input } = given as Request
      const id = input.args._id as string
      const outcome = causation.follow('document:update', () => hook(request(id)))
      input.args._id = 'other'
      return outcome
    })
    await expect(hook(request('one'))).rejects.toMatchObject({ id: 'plugin.runtime.listener_loop' })
  })
})

describe('a chain', () => {
  const deeper = async (causation: Causation, left: number): Promise<number> =>
    (left === 0 ? 0 : 1 + await causation.follow(`call:${left % 2}`, () => deeper(causation, left - 1)))

  test('is as deep as its limit, and what goes round is named', async () => {
    const { causation } = create({ depth: 4, fanOut: 0 })
    await expect(deeper(causation, 4)).resolves.toBe(4)
    await expect(deeper(causation, 5)).rejects.toMatchObject({
      id: 'plugin.runtime.chain_too_deep', message: expect.stringContaining('led from one to the next: call:1 -> call:0 -> call:1\n'), hint: expect.stringContaining('limits.causationDepth'),
    })
    await expect(deeper(create({ depth: 0, fanOut: 0 }).causation, 50)).resolves.toBe(50)
  })

  test('has so many calls under way, and others again when they have ended', async () => {
    const { causation, listen } = create({ depth: 0, fanOut: 3 })
    const call = (): Promise<unknown> => causation.follow('document:create', () => turn())
    const hook = listen('a', async () => {
      const outcomes = await Promise.allSettled([call(), call(), call(), call()])
      await call()
      return outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'done' : (outcome.reason as { id: string }).id))
    })
    expect(await hook(request('one'))).toEqual(['done', 'done', 'done', 'plugin.runtime.chain_too_wide'])
  })

  test('does not share its limits with other chains', async () => {
    const { causation } = create({ depth: 1, fanOut: 1 })
    await expect(Promise.all([1, 2, 3].map((each) => causation.follow('a:b', () => turn(each))))).resolves.toEqual([1, 2, 3])
  })

  test('counts calls that fail as ended', async () => {
    const { causation, listen } = create({ depth: 0, fanOut: 1 })
    const fail = (): Promise<unknown> => causation.follow('a:b', () => { throw new Error('no') })
    await listen('a', async () => {
      for (let time = 0; time < 3; time++) await expect(fail()).rejects.toThrow('no')
    })({})
  })
})

describe('what crosses', () => {
  test('is nothing outside of a chain', () => {
    expect(create().causation.pack()).toBeUndefined()
    expect(create().causation.resume(undefined, () => 7)).toBe(7)
  })

  test('does not go on in the chain where it happens to be taken up', async () => {
    const { causation, listen } = create()
    const seen = await listen('a', () => causation.follow('a:b', () => causation.resume(undefined, async () => { await turn(); return causation.pack() ?? 'nothing' })))({})
    expect(seen).toBe('nothing')
  })

  test('goes on with steps, limits and entities, even where the chain is not known', async () => {
    const there = create()
    let packed: PackedCause | undefined
    await there.listen('a', () => there.causation.follow('document:update', () => { packed = there.causation.pack() }))(request('one'))
    const written = JSON.parse(JSON.stringify(packed)) as PackedCause
    expect(written).toEqual({ chain: expect.any(String), steps: [
      { name: 'plugin a', entities: ['document:afterUpdate document:update shop/orders/one'] }, { name: 'document:update' },
    ] })
    for (const { causation, listen } of [there, create()]) {
      const hook = listen('a', () => 'called')
      expect(() => causation.resume(written, () => hook(request('one')))).toThrow('plugin a -> document:update -> plugin a')
      expect(causation.resume(written, () => hook(request('two')))).toBe('called')
    }
    const short = create({ depth: 1, fanOut: 0 })
    await expect(short.causation.resume(written, () => short.causation.follow('a:b', () => 1))).rejects.toMatchObject({ id: 'plugin.runtime.chain_too_deep' })
  })

  test('shares what is under way with where it came from', async () => {
    const { causation, listen } = create({ depth: 0, fanOut: 1 })
    await listen('a', async () => {
      const packed = structuredClone(causation.pack())
      const first = causation.follow('a:b', () => turn())
      await expect(causation.resume(packed, () => causation.follow('a:c', () => 1))).rejects.toMatchObject({ id: 'plugin.runtime.chain_too_wide' })
      await first
    })({})
  })

  test('is carried where nobody reads it', async () => {
    const carrier = new Carrier()
    const packed = { chain: 'x', steps: [] }
    expect(carrier.packed).toBeUndefined()
    expect(await carrier.carry(packed, async () => { await turn(); return carrier.packed })).toBe(packed)
    expect(carrier.carry(undefined, () => carrier.packed)).toBeUndefined()
  })
})

describe('the id of a chain', () => {
  test('is known before its first listener is called, and is that of all that follows', async () => {
    const { causation, listen } = create()
    const seen: unknown[] = []
    const hook = listen('a', async (given) => {
      seen.push(causation.pack()?.chain)
      await turn()
      await causation.follow('document:update', () => causation.join((chain) => { seen.push(chain) }))
      return given
    })
    await causation.join((chain) => {
      seen.push(chain)
      return hook(request('one'))
    })
    expect(new Set(seen).size).toBe(1)
    expect(seen).toEqual([expect.any(String), seen[0], seen[0]])
  })

  test('is another for each call that nothing led to', () => {
    const { causation, listen } = create()
    const chains = new Set<string | undefined>()
    const hook = listen('a', () => chains.add(causation.pack()?.chain))
    for (let n = 0; n < 3; n++) causation.join(() => hook(request('one')))
    hook(request('one'))
    causation.join((chain) => chains.add(chain))
    expect(chains.size).toBe(5)
  })

  test('does not outlast a call that throws', () => {
    const { causation, listen } = create()
    let first = ''
    expect(() => causation.join((chain) => { first = chain; throw new Error('no') })).toThrow('no')
    listen('a', () => expect(causation.pack()?.chain).not.toBe(first))(request('one'))
  })
})

describe('a step', () => {
  test('is made at once, and counts for the length of the chain though not for its width', () => {
    const { causation } = create({ depth: 3, fanOut: 1 })
    const go = (left: number): number => causation.step('a subscription', () => (left > 1 ? go(left - 1) : left))
    expect(go(3)).toBe(1)
    expect(() => go(4)).toThrow('More than 3 calls with events led from one to the next: a subscription -> a subscription')
  })
})
