import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { startDoors, type Doors } from '../../../test/support/start-doors.js'
import type { EntryPoint } from './entry-point.js'
import type { ChannelMessage, DirectMessage, Protocol } from './protocol.js'

/** A door that writes down what it is asked. */
class RecordingProtocol implements Protocol {
  readonly asked: unknown[] = []
  entryPoint: EntryPoint | undefined

  constructor(readonly name: string, private readonly fault?: Error) {}

  start(entryPoint: EntryPoint): void {
    this.entryPoint = entryPoint
    this.#note('start')
  }

  stop(): void { this.#note('stop') }
  broadcast(message: ChannelMessage): void { this.#note('broadcast', message) }
  notify(message: DirectMessage): void { this.#note('notify', message) }
  joinChannel(channel: string, id: string): void { this.#note('join', channel, id) }
  leaveChannel(channel: string, id: string): void { this.#note('leave', channel, id) }
  disconnect(id: string, reason?: string): void { this.#note('disconnect', id, reason) }

  #note(...what: unknown[]): void {
    this.asked.push(what.length === 1 ? what[0] : what)
    if (this.fault && what[0] !== 'start') throw this.fault
  }
}

let doors: Doors
beforeEach(async () => { doors = await startDoors() })
afterEach(() => doors.close())

async function open(protocol: RecordingProtocol, ...connections: string[]): Promise<RecordingProtocol> {
  await doors.gateway.protocols.open(protocol)
  for (const id of connections) doors.gateway.entryPoint.newConnection({ id, protocol: protocol.name, ips: [] })
  return protocol
}

describe('a door that a plugin brings', () => {
  test('is started with the entry point and stands beside the others', async () => {
    const door = await open(new RecordingProtocol('carrier-pigeon'))
    expect(door.entryPoint).toBe(doors.gateway.entryPoint)
    expect(doors.gateway.protocols.names).toEqual(['http', 'websocket', 'carrier-pigeon'])
  })

  test('cannot have the name of another', async () => {
    await expect(doors.gateway.protocols.open(new RecordingProtocol('websocket'))).rejects.toMatchObject({ id: 'protocol.runtime.already_exists' })
    expect(doors.gateway.protocols.names).toEqual(['http', 'websocket'])
  })

  test('is not taken in when it does not start', async () => {
    const door = new RecordingProtocol('broken')
    door.start = () => { throw new Error('port taken') }
    await expect(doors.gateway.protocols.open(door)).rejects.toThrow('port taken')
    expect(doors.gateway.protocols.names).not.toContain('broken')
    await open(new RecordingProtocol('broken'))
    expect(doors.gateway.protocols.names).toContain('broken')
  })

  test('hears every broadcast', async () => {
    const one = await open(new RecordingProtocol('one'))
    const two = await open(new RecordingProtocol('two'))
    const message = { channels: ['news'], payload: { n: 1 } }
    doors.gateway.protocols.broadcast(message)
    expect(one.asked).toEqual(['start', ['broadcast', message]])
    expect(two.asked).toEqual(['start', ['broadcast', message]])
  })

  test('is asked about its own connections alone', async () => {
    const one = await open(new RecordingProtocol('one'), 'c1')
    const two = await open(new RecordingProtocol('two'), 'c2')
    const { protocols } = doors.gateway
    const message = { connectionId: 'c2', channels: ['news'], payload: { n: 1 } }
    protocols.joinChannel('news', 'c1')
    protocols.notify(message)
    protocols.leaveChannel('news', 'c1')
    protocols.disconnect('c2', 'enough')
    protocols.joinChannel('news', 'unknown')
    expect(one.asked).toEqual(['start', ['join', 'news', 'c1'], ['leave', 'news', 'c1']])
    expect(two.asked).toEqual(['start', ['notify', message], ['disconnect', 'c2', 'enough']])
  })

  test('that throws is logged by name and stops no other', async () => {
    const bad = await open(new RecordingProtocol('bad', new Error('broken pipe')), 'c1')
    const good = await open(new RecordingProtocol('good'))
    const { protocols } = doors.gateway
    protocols.broadcast({ channels: ['news'], payload: {} })
    protocols.notify({ connectionId: 'c1', channels: ['news'], payload: {} })
    protocols.joinChannel('news', 'c1')
    protocols.leaveChannel('news', 'c1')
    protocols.disconnect('c1')
    expect(bad.asked).toHaveLength(6)
    expect(good.asked).toEqual(['start', ['broadcast', { channels: ['news'], payload: {} }]])
    expect(doors.logger.textsOf('error')).toEqual(Array(5).fill('Protocol "bad" failed.'))
  })

  test('can be closed by itself, and then hears nothing more', async () => {
    const door = new RecordingProtocol('passing')
    const close = await doors.gateway.protocols.open(door)
    await close()
    await close()
    doors.gateway.protocols.broadcast({ channels: [], payload: {} })
    expect(door.asked).toEqual(['start', 'stop'])
    expect(doors.gateway.protocols.names).toEqual(['http', 'websocket'])
  })

  test('all are stopped at the end, even after one that fails to', async () => {
    const first = await open(new RecordingProtocol('first'))
    const bad = await open(new RecordingProtocol('bad', new Error('stuck')))
    await doors.gateway.protocols.close()
    expect(first.asked).toEqual(['start', 'stop'])
    expect(bad.asked).toEqual(['start', 'stop'])
    expect(doors.gateway.protocols.names).toEqual([])
    expect(doors.logger.textsOf('error')).toEqual(['Protocol "bad" failed.'])
  })
})
