import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { Plugin, type Class } from '@mortise/sdk'
import type { PluginCandidate } from '@app/packages'
import { createLoader } from '../../../test/support/create-loader.js'
import { until } from '../../../test/support/until.js'
import { Swap } from './swap.js'

let host: ReturnType<typeof createLoader>
/** Versions of the plugin that were stopped, in order. */
let stopped: string[]
beforeEach(() => {
  host = createLoader()
  stopped = []
})
afterEach(() => host.remove())

const swapWith = (drainTimeout: number): Swap =>
  new Swap({ drainTimeout, loader: host.loader, registry: host.registry, logger: host.logger, prepare: async () => undefined, settleDoors: async () => [] })

/** A plugin of one name in several versions. */
function version(number: string): PluginCandidate {
  class Stamp {
    onModuleDestroy(): void {
      stopped.push(number)
    }
  }
  Plugin({ name: 'stamp', version: number })(Stamp)
  return { exported: Stamp as Class, place: 'the test', folder: host.root, packageJson: { version: number } }
}

const warnings = (): string[] => host.logger.textsOf('warn')

test('the old version is stopped once what may still reach it has ended', async () => {
  const swap = swapWith(60_000)
  await swap.in(version('1.0.0'))
  const call = host.registry.traffic.enter()
  await swap.in(version('2.0.0'), 'stamp')
  expect(host.registry.plugins.find(({ name }) => name === 'stamp')?.version).toBe('2.0.0')
  expect(stopped).toEqual([])
  call.leave()
  await swap.settled()
  expect([stopped, warnings()]).toEqual([['1.0.0'], []])
})

test('calls that do not end keep the old version no longer than the drain time-out, and the log says so', async () => {
  const swap = swapWith(20)
  await swap.in(version('1.0.0'))
  const call = host.registry.traffic.enter()
  await swap.in(version('2.0.0'), 'stamp')
  await swap.settled()
  expect(stopped).toEqual(['1.0.0'])
  expect(warnings()).toEqual(['Plugin "stamp" is stopped though calls that may reach it have not ended within 20 ms.'])
  expect(host.registry.plugins.find(({ name }) => name === 'stamp')?.version).toBe('2.0.0')
  call.leave()
})

test('a plugin that is taken out waits as long, and one that comes meanwhile is not kept from coming', async () => {
  const swap = swapWith(20)
  await swap.in(version('1.0.0'))
  const call = host.registry.traffic.enter()
  await swap.out('stamp')
  await swap.in(version('2.0.0'))
  await until(() => stopped, ({ length }) => length === 1)
  expect(warnings()).toHaveLength(1)
  expect(host.registry.plugins.map(({ name, version: each }) => `${name} ${each}`)).toContain('stamp 2.0.0')
  call.leave()
})
