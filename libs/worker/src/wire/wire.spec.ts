import { MessageChannel } from 'node:worker_threads'
import { afterEach, describe, expect, test } from '@jest/globals'
import { NotFoundError, ServiceUnavailableError } from '@mortise/sdk'
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

const portOf = (port: MessageChannel['port1']): Port => ({ send: (message) => port.postMessage(message), onMessage: (listener) => void port.on('message', listener) })

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
