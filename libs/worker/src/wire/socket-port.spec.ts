import { createServer, connect, type AddressInfo, type Socket } from 'node:net'
import { serialize } from 'node:v8'
import { afterEach, describe, expect, test } from '@jest/globals'
import { socketPort } from './socket-port.js'

const sockets: Socket[] = []
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
})

/** Both ends of a pipe. */
async function openPipe(): Promise<[Socket, Socket]> {
  const server = createServer()
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  const there = new Promise<Socket>((resolve) => { server.once('connection', resolve) })
  const here = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const pair: [Socket, Socket] = [here, await there]
  sockets.push(...pair)
  server.close()
  return pair
}

const neverHeard = (fault: Error): never => { throw fault }

/** Resolves to the first messages that arrive. */
const receive = (socket: Socket, count: number): Promise<unknown[]> => new Promise((resolve) => {
  const messages: unknown[] = []
  socketPort(socket).onMessage((message) => {
    if (messages.push(message) === count) resolve(messages)
  }, neverHeard)
})

/** A message as it lies on the pipe. */
function frame(message: unknown): Buffer {
  const body = serialize(message)
  const head = Buffer.alloc(4)
  head.writeUInt32LE(body.length)
  return Buffer.concat([head, body])
}

describe('a port over a pipe', () => {
  test('brings messages as they are, in order', async () => {
    const [here, there] = await openPipe()
    const messages = [{ a: undefined, b: new Date(0), c: new Map([[1, Buffer.from('x')]]) }, 'text', null, ...Array.from({ length: 500 }, (_, n) => ({ n }))]
    const arrived = receive(there, messages.length)
    const port = socketPort(here)
    for (const message of messages) port.send(message)
    expect(await arrived).toEqual(messages)
  })

  test('brings messages longer than what arrives at once', async () => {
    const [here, there] = await openPipe()
    const long = { text: 'lamp'.repeat(1_000_000) }
    const arrived = receive(there, 3)
    const port = socketPort(here)
    for (const message of [long, 'between', long]) port.send(message)
    expect(await arrived).toEqual([long, 'between', long])
  })

  test('finds messages however the bytes are cut', async () => {
    const bytes = Buffer.concat([frame('one'), frame({ two: 2 }), frame([3])])
    for (let size = 1; size <= bytes.length; size++) {
      const listeners: ((chunk: Buffer) => void)[] = []
      const messages: unknown[] = []
      const socket = { on: (_event: string, listener: (chunk: Buffer) => void) => listeners.push(listener) } as unknown as Socket
      socketPort(socket).onMessage((message) => messages.push(message), neverHeard)
      for (let at = 0; at < bytes.length; at += size) listeners[0]?.(bytes.subarray(at, at + size))
      expect(messages).toEqual(['one', { two: 2 }, [3]])
    }
  })

  test('refuses what cannot be cloned, and sends nothing of it', async () => {
    const [here, there] = await openPipe()
    const arrived = receive(there, 1)
    const port = socketPort(here)
    expect(() => port.send({ lamp: () => 'on' })).toThrow(/could not be cloned/)
    port.send('after')
    expect(await arrived).toEqual(['after'])
  })

  test.each([
    ['no message', Buffer.from([3, 0, 0, 0, 1, 2, 3]), /Unable to deserialize/],
    ['an empty message', Buffer.alloc(4), /./],
    ['a message longer than any may be', Buffer.from([0, 0, 0, 0xff, 1]), /it announced a message of 4278190080 bytes/],
    ['plain text', Buffer.from('Warning: the lamp fell'), /it announced a message of \d+ bytes/],
  ])('tells of %s once, and reads what follows without looking at it', async (_title, garbage, fault) => {
    const [here, there] = await openPipe()
    const [messages, faults]: [unknown[], Error[]] = [[], []]
    const told = new Promise<void>((resolve) => {
      socketPort(there).onMessage((message) => messages.push(message), (error) => {
        faults.push(error)
        resolve()
      })
    })
    here.write(frame('before'))
    here.write(garbage)
    await told
    here.end(Buffer.concat([frame('after'), Buffer.alloc(1_000_000), frame('after')]))
    await new Promise((resolve) => { there.on('close', resolve) })
    expect(messages.filter((message) => message !== 'before')).toEqual([])
    expect(faults).toEqual([expect.objectContaining({ message: expect.stringMatching(fault) })])
  })
})
