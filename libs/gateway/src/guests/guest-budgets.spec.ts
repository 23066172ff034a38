import { afterEach, expect, test } from '@jest/globals'
import type { EntryPoint, ProtocolMethods } from '@mortise/sdk'
import { reportCalls, type PluginBudget } from '@app/supervision'
import { definePlugin } from '../../../../test/support/define-plugin.js'
import { startDoors, type Doors } from '../../../../test/support/start-doors.js'
import { until } from '../../../../test/support/until.js'

let doors: Doors
afterEach(() => doors.close())

const ann = { id: 'ann', protocol: 'pigeons', ips: ['10.0.0.1'] }
const message = { connectionId: 'ann', channels: ['news'], payload: {} }

/** A door with one client, which does what the test says; and what it was asked. */
async function open(methods: Partial<ProtocolMethods>, budget?: PluginBudget): Promise<string[]> {
  const asked: string[] = []
  const note = (name: keyof ProtocolMethods) => (...given: unknown[]): unknown => {
    asked.push(name)
    return (methods[name] as ((...values: unknown[]) => unknown) | undefined)?.(...given)
  }
  const door = {
    start: (entryPoint: EntryPoint) => entryPoint.newConnection(ann), stop: note('stop'),
    broadcast: note('broadcast'), notify: note('notify'), joinChannel: note('joinChannel'), leaveChannel: note('leaveChannel'), disconnect: note('disconnect'),
  } as ProtocolMethods
  doors = await startDoors()
  doors.supervisor.begin('post', budget)
  doors.registry.register(definePlugin({ name: 'post', protocols: [{ name: 'pigeons', door }] }))
  expect(await doors.gateway.openGuests()).toEqual([])
  return asked
}

const counts = () => reportCalls(doors.supervisor).flatMap(({ listeners }) => listeners.map(({ kind, event, calls, failed, skipped }) => `${kind} ${event} ${calls} ${failed} ${skipped}`))

test('what a door is told is counted', async () => {
  await open({})
  doors.gateway.protocols.notify(message)
  doors.gateway.protocols.broadcast({ channels: ['news'], payload: {} })
  expect(counts()).toEqual(expect.arrayContaining(['protocol protocol:pigeons.notify 1 0 0', 'protocol protocol:pigeons.broadcast 1 0 0']))
})

test('a door that keeps failing is told no more for a while, but hears of whom it is to forget', async () => {
  const asked = await open({ notify: () => { throw new Error('the pigeon is ill') } }, { breaker: { failures: 2 } })
  const { protocols } = doors.gateway
  for (let n = 0; n < 5; n++) protocols.notify(message)
  protocols.leaveChannel('news', 'ann')
  protocols.disconnect('ann', 'enough')
  expect(asked).toEqual(['notify', 'notify', 'leaveChannel', 'disconnect'])
  expect(counts()).toEqual(['protocol protocol:pigeons.notify 2 2 3'])
  expect(doors.logger.textsOf('error').filter((text) => text.includes('Protocol "pigeons" of plugin "post" failed'))).toHaveLength(2)
})

test('a door that never ends a call is given up, and said to be late', async () => {
  await open({ notify: () => new Promise(() => undefined) as never }, { timeout: 20 })
  doors.gateway.protocols.notify(message)
  await until(() => counts(), ([first]) => first === 'protocol protocol:pigeons.notify 1 1 0')
  expect(doors.logger.textsOf('error').join()).toContain('Protocol "pigeons" of plugin "post" failed')
})

test('a door in quarantine is told nothing until it is let out', async () => {
  const asked = await open({})
  doors.supervisor.quarantine('post', 'somebody said so')
  doors.gateway.protocols.notify(message)
  expect(asked).toEqual([])
  doors.supervisor.resume('post')
  doors.gateway.protocols.notify(message)
  expect(asked).toEqual(['notify'])
})
