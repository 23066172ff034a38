import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Request, type EntryPoint, type ProtocolMethods, type RequestData } from '@mortise/sdk'
import type { PluginDefinition } from '@app/registry'
import { definePlugin } from '../../../../test/support/define-plugin.js'
import { defineAction, defineController, startDoors, type Doors } from '../../../../test/support/start-doors.js'

/** A door that keeps what it is given and notes what it is asked. */
class Pigeons implements ProtocolMethods {
  readonly asked: string[] = []
  entryPoint!: EntryPoint

  start(entryPoint: EntryPoint): void | Promise<void> {
    this.entryPoint = entryPoint
    this.asked.push('start')
  }

  stop(): void | Promise<void> { this.asked.push('stop') }
  broadcast(): void { this.asked.push('broadcast') }
  notify(): void { this.asked.push('notify') }
  joinChannel(channel: string): void { this.asked.push(`join ${channel}`) }
  leaveChannel(channel: string): void { this.asked.push(`leave ${channel}`) }
  disconnect(_connectionId: string, reason?: string): void { this.asked.push(`disconnect ${reason}`) }
}

const withDoors = (plugin: string, ...protocols: [name: string, door: ProtocolMethods][]): PluginDefinition =>
  definePlugin({ name: plugin, protocols: protocols.map(([name, door]) => ({ name, door })) })

let doors: Doors
let pigeons: Pigeons
beforeEach(async () => {
  doors = await startDoors({ plugins: [defineController('echo', defineAction('say', ({ input }) => input.body))], doorTimeout: 200 })
  pigeons = new Pigeons()
})
afterEach(() => doors.close())

const ann = { id: 'ann', protocol: 'pigeons', ips: ['10.0.0.1'] }

describe('a plugin\'s door', () => {
  test('is opened with the others, and its clients are answered', async () => {
    doors.registry.register(withDoors('post', ['pigeons', pigeons]))
    expect(pigeons.asked).toEqual([])
    expect(await doors.gateway.openGuests()).toEqual([])
    const { entryPoint } = pigeons
    entryPoint.newConnection(ann)
    const data = entryPoint.parseJson('{"controller":"echo","action":"say","requestId":"r1","body":{"word":"hi","__proto__":{"a":1}}}')
    const answer = await entryPoint.execute(ann, new Request(data as RequestData, { connection: ann }))
    expect(answer).toMatchObject({ status: 200, requestId: 'r1', raw: false, content: { result: { word: 'hi' }, error: null } })
    expect(doors.gateway.entryPoint.connections.counts).toEqual({ pigeons: 1 })
  })

  test('is told of channels and notifications of its own clients, and of every broadcast', async () => {
    doors.registry.register(withDoors('post', ['pigeons', pigeons]))
    await doors.gateway.openGuests()
    pigeons.entryPoint.newConnection(ann)
    const { protocols } = doors.gateway
    protocols.joinChannel('news', 'ann')
    protocols.broadcast({ channels: ['news'], payload: {} })
    protocols.notify({ connectionId: 'ann', channels: ['news'], payload: {} })
    protocols.leaveChannel('news', 'ann')
    protocols.disconnect('ann', 'enough')
    protocols.joinChannel('news', 'somebody-else')
    expect(pigeons.asked).toEqual(['start', 'join news', 'broadcast', 'notify', 'leave news', 'disconnect enough'])
  })

  test('opens when its plugin comes while the host runs, and closes when that goes, with all of its clients', async () => {
    await doors.gateway.openGuests()
    const gone: string[] = []
    doors.gateway.entryPoint.onGone(({ id }) => gone.push(id))
    const remove = doors.registry.register(withDoors('post', ['pigeons', pigeons]))
    await settled()
    pigeons.entryPoint.newConnection(ann)
    remove()
    await settled()
    expect(pigeons.asked).toEqual(['start', 'stop'])
    expect(gone).toEqual(['ann'])
    expect(doors.gateway.entryPoint.connections.counts).toEqual({})
    expect(pigeons.entryPoint.isShuttingDown).toBe(true)
    expect(() => pigeons.entryPoint.newConnection(ann)).toThrow('The server is stopping')
    expect(doors.gateway.protocols.names).toEqual(['http', 'websocket'])
  })

  test('is closed with the host, once what is asked is answered', async () => {
    doors.registry.register(withDoors('post', ['pigeons', pigeons]))
    await doors.gateway.openGuests()
    pigeons.entryPoint.newConnection(ann)
    await doors.gateway.close()
    expect(pigeons.asked).toEqual(['start', 'stop'])
    expect(doors.gateway.entryPoint.connections.counts).toEqual({})
  })

  test('announces no clients of other protocols', async () => {
    doors.registry.register(withDoors('post', ['pigeons', pigeons]))
    await doors.gateway.openGuests()
    expect(() => pigeons.entryPoint.newConnection({ ...ann, protocol: 'http' })).toThrow('Protocol "pigeons" announced a malformed connection')
    expect(doors.gateway.entryPoint.connections.counts).toEqual({})
  })

  test('removes none but its own clients', async () => {
    doors.registry.register(withDoors('post', ['pigeons', pigeons]))
    await doors.gateway.openGuests()
    doors.gateway.entryPoint.newConnection({ id: 'eve', protocol: 'other', ips: [] })
    pigeons.entryPoint.removeConnection('eve')
    expect(doors.gateway.entryPoint.connections.counts).toEqual({ other: 1 })
  })
})

describe('a door\'s name', () => {
  test.each(['http', 'websocket', 'internal'])('cannot be %s', (name) => {
    expect(() => doors.registry.register(withDoors('post', [name, pigeons]))).toThrow(`Protocol "${name}" already exists.`)
  })

  test('cannot be that of another plugin, nor stand twice in one', () => {
    doors.registry.register(withDoors('post', ['pigeons', pigeons]))
    expect(() => doors.registry.register(withDoors('rival', ['pigeons', new Pigeons()]))).toThrow('Protocol "pigeons" already exists.')
    expect(() => doors.registry.register(withDoors('twice', ['doves', pigeons], ['doves', pigeons]))).toThrow('Protocol "doves" already exists.')
  })
})

describe('a door that fails', () => {
  test('to open is named with its plugin, and keeps no other from opening', async () => {
    const broken = Object.assign(new Pigeons(), { start: () => { throw new Error('port taken') } })
    doors.registry.register(withDoors('broken', ['doves', broken]))
    doors.registry.register(withDoors('post', ['pigeons', pigeons]))
    const [fault, ...more] = await doors.gateway.openGuests()
    expect(more).toEqual([])
    expect(fault).toMatchObject({ id: 'plugin.runtime.failed_init', place: 'plugins/enabled/broken' })
    expect(fault?.message).toContain('Plugin "broken"')
    expect(fault?.message).toContain('its protocol "doves" did not open: port taken')
    expect(doors.gateway.protocols.names).toEqual(['http', 'websocket', 'pigeons'])
  })

  test('to open in time is named, and closed should it open later', async () => {
    let open: () => void = () => undefined
    const slow = Object.assign(new Pigeons(), { start: () => new Promise<void>((resolve) => { open = resolve }) })
    doors.registry.register(withDoors('slow', ['doves', slow]))
    const [fault] = await doors.gateway.openGuests()
    expect(fault?.message).toContain('its protocol "doves" did not open: it has not opened within 200 ms')
    open()
    await settled()
    expect(slow.asked).toEqual(['stop'])
  })

  test('to close in time does not hold up the host, and its clients are forgotten', async () => {
    pigeons.stop = () => new Promise(() => undefined)
    doors.registry.register(withDoors('post', ['pigeons', pigeons]))
    await doors.gateway.openGuests()
    pigeons.entryPoint.newConnection(ann)
    await doors.gateway.close()
    expect(doors.gateway.entryPoint.connections.counts).toEqual({})
    expect(doors.logger.textsOf('error')).toEqual(['Protocol "pigeons" of plugin "post" failed.'])
  })

  test('in a promise is logged under its plugin\'s name, as one that throws', async () => {
    pigeons.broadcast = () => Promise.reject(new Error('no wind')) as unknown as undefined
    doors.registry.register(withDoors('post', ['pigeons', pigeons]))
    await doors.gateway.openGuests()
    doors.gateway.protocols.broadcast({ channels: ['news'], payload: {} })
    await settled()
    expect(doors.logger.textsOf('error')).toEqual(['Protocol "pigeons" of plugin "post" failed.'])
  })

  test('while the host runs is logged, and the host goes on', async () => {
    await doors.gateway.openGuests()
    pigeons.start = () => { throw new Error('port taken') }
    doors.registry.register(withDoors('post', ['pigeons', pigeons]))
    await settled()
    expect(doors.logger.textsOf('error')[0]).toContain('its protocol "pigeons" did not open: port taken')
    expect((await fetch(`${doors.url}/`, { method: 'HEAD' })).status).toBe(200)
  })
})

/** What doors do when plugins come and go is done once everything that waits has had its turn. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
