import { MessageChannel } from 'node:worker_threads'
import { afterEach, describe, expect, test } from '@jest/globals'
import { NotFoundError, ServiceUnavailableError } from '@mortise/sdk'
import fc from '../../../../test/support/property-testing.js'
import { serveHost } from '../parent/serve-host.js'
import type { Port } from './port.js'
import { CrossingError, Wire, type Handlers } from './wire.js'

interface Shop {
  price(name: string): number
  slow(milliseconds: number): string
  light(): unknown
  note(text: string): void
}
interface Nobody { nothing(): void }

const open: MessageChannel[] = []
afterEach(() => {
  for (const { port1 } of open.splice(0)) port1.close()
})

const portOf = (port: MessageChannel['port1']): Port => ({ send: (message) => port.postMessage(message), onMessage: (listener, onGarbage) => void port.on('message', listener).on('messageerror', onGarbage) })

/** A shop at one end, and the wire that its customer holds at the other. */
function connect(handlers: Partial<Handlers<Shop>> = {}): Wire<Nobody, Shop> {
  const channel = new MessageChannel()
  open.push(channel)
  const shop: Handlers<Shop> = { price: (name) => name.length, slow: () => 'late', light: () => () => 'on', note: () => undefined, ...handlers }
  new Wire<Shop, Nobody>(portOf(channel.port1), shop)
  return new Wire<Nobody, Shop>(portOf(channel.port2), { nothing: () => undefined })
}

describe('a call over a wire', () => {
  test('is answered', async () => {
    expect(await connect().call('price', 'lamp')).toBe(4)
  })

  test('is told what was thrown there', async () => {
    const wire = connect({ price: () => { throw new NotFoundError('no such lamp') } })
    await expect(wire.call('price', 'lamp')).rejects.toBeInstanceOf(NotFoundError)
  })

  test('gets its own answer, in whatever order they come', async () => {
    const releases: (() => void)[] = []
    const wire = connect({ slow: (number) => new Promise((resolve) => { releases[number] = () => resolve(`answer ${number}`) }) })
    const answers = [wire.call('slow', 0), wire.call('slow', 1), wire.call('price', 'x')]
    await answers[2]
    expect(wire.load).toBe(2)
    releases[1]?.()
    releases[0]?.()
    expect(await Promise.all(answers)).toEqual(['answer 0', 'answer 1', 1])
    expect(wire.load).toBe(0)
  })

  test.each([
    ['what it is given', (wire: Wire<Nobody, Shop>) => wire.call('price', (() => 'on') as unknown as string)],
    ['its answer', (wire: Wire<Nobody, Shop>) => wire.call('light')],
  ])('fails when %s cannot be cloned, and nothing waits for it', async (_title, call) => {
    const wire = connect()
    const error: unknown = await call(wire).catch((thrown: unknown) => thrown)
    expect(CrossingError.is(error)).toBe(true)
    expect((error as Error).message).toMatch(/could not be cloned/)
    expect(wire.load).toBe(0)
    expect(await wire.call('price', 'lamp')).toBe(4)
  })

  test('nobody waits for is not answered', async () => {
    let noted = ''
    const wire = connect({ note: (text) => { noted = text } })
    wire.tell('note', 'hello')
    await wire.call('price', 'x')
    expect(noted).toBe('hello')
  })
})

test('a wire that is cut fails what waits and what comes, each with an error of its own', async () => {
  const wire = connect({ slow: () => new Promise(() => undefined) })
  const waiting = [wire.call('slow', 1), wire.call('slow', 2)]
  wire.cut(() => new ServiceUnavailableError('gone'))
  const errors = await Promise.all([...waiting, wire.call('price', 'x')].map((call) => Promise.resolve(call).catch((thrown: unknown) => thrown)))
  for (const error of errors) expect(error).toBeInstanceOf(ServiceUnavailableError)
  expect(new Set(errors).size).toBe(3)
  expect(() => wire.tell('note', 'into the void')).not.toThrow()
})

describe('garbage', () => {
  /** A wire whose other end is the test: what it is sent, what it sends, and the faults it tells. */
  function listen(handlers: Handlers<Shop>) {
    const faults: string[] = []
    const sent: unknown[] = []
    let say: (message: unknown) => void = () => undefined
    const port: Port = { send: (message) => sent.push(message), onMessage: (listener) => { say = listener } }
    const wire = new Wire<Shop, Shop>(port, handlers, ({ message }) => faults.push(message))
    return { wire, faults, sent, say: (message: unknown) => say(message) }
  }
  const shop: Handlers<Shop> = { price: (name) => name.length, slow: () => 'late', light: () => 'on', note: () => { throw new Error('nothing to note') } }
  const settled = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve) })

  test.each([
    ['nothing', undefined], ['null', null], ['a number', 5], ['a text', 'a lamp'], ['a list', []], ['an empty object', {}],
    ['a call without values', { call: 'price', id: 1 }], ['a call by number', { call: 5, id: 1, values: [] }], ['an answer to nobody in particular', { value: 5 }],
    ['a call that there is not', { call: 'steal', values: [] }], ['a call of what every object has', { call: 'constructor', values: ['x'] }], ['a call of the prototype', { call: '__proto__', values: [] }],
    ['a call that nobody waits for and that fails', { call: 'note', values: [] }],
  ])('such as %s is told of once, and what follows is not heard', async (_title, message) => {
    const { faults, sent, say } = listen(shop)
    say(message)
    await settled()
    say(message)
    say({ call: 'price', id: 9, values: ['lamp'] })
    await settled()
    expect(faults).toHaveLength(1)
    expect(sent).toEqual([])
  })

  test('where somebody waits for the answer is answered with an error', async () => {
    const { faults, sent, say } = listen(shop)
    say({ call: 'steal', id: 7, values: [] })
    say({ call: 'price', id: 8, values: [null] })
    await settled()
    expect(faults).toEqual([])
    expect(sent).toMatchObject([{ id: 7, error: { message: expect.stringContaining('"steal"') } }, { id: 8, error: { name: 'TypeError' } }])
  })

  test.each([[5], [{}], [{ name: 'Error', isApi: true }], [null]])('as an error (%j) fails the call that it answers', async (error) => {
    const { wire, say } = listen(shop)
    const answer = wire.call('price', 'lamp')
    say({ id: 1, error })
    await expect(answer).rejects.toBeDefined()
    expect(wire.load).toBe(0)
  })

  test('as an answer to a call that was never made is left alone', () => {
    const { faults, say } = listen(shop)
    say({ id: 99, value: 5 })
    say({ id: 99, error: 5 })
    expect(faults).toEqual([])
  })

  test('of any kind throws nothing, at once or later, whatever the host answers with', async () => {
    const stray: unknown[] = []
    const note = (thrown: unknown): void => { stray.push(thrown) }
    process.on('unhandledRejection', note)
    const names = fc.oneof(fc.constantFrom('log', 'crash', 'api', 'trigger', 'emit', 'store', 'publish', 'subscribe', 'unsubscribe'), fc.string())
    const messages = fc.oneof(
      fc.anything(),
      fc.record({ call: names, id: fc.option(fc.nat(9), { nil: undefined }), values: fc.array(fc.anything(), { maxLength: 4 }) }),
      fc.record({ id: fc.nat(3), value: fc.anything(), error: fc.option(fc.anything(), { nil: undefined }) }),
    )
    await fc.assert(fc.asyncProperty(messages, async (message) => {
      let say: (message: unknown) => void = () => undefined
      const host = serveHost({} as never, { resume: (_cause: unknown, go: () => unknown) => go() } as never, () => undefined)
      const wire = new Wire<Shop, Shop>({ send: () => undefined, onMessage: (listener) => { say = listener } }, host.handlers as never, () => undefined)
      const waiting = wire.call('price', 'lamp').catch(() => undefined)
      say(message)
      wire.cut(() => new Error('over'))
      await waiting
      await settled()
      expect(stray).toEqual([])
    }), { numRuns: 500 })
    process.off('unhandledRejection', note)
  })
})
