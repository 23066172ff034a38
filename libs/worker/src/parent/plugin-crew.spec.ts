import { expect, test } from '@jest/globals'
import { PluginCrew } from './plugin-crew.js'
import type { PluginKeeper } from './plugin-keeper.js'

/** Keepers that note who is called and closed; `up` says which of them run. */
function gather(up: boolean[], starts: Promise<unknown>[] = []) {
  const calls: number[] = []
  const closed: number[] = []
  const keepers = up.map((_, at) => ({
    get isUp() { return up[at] },
    start: () => starts[at] ?? Promise.resolve('the shape'),
    run: () => { calls.push(at); return Promise.resolve(at) },
    close: () => { closed.push(at); return at === 1 ? Promise.reject(new Error('stuck')) : Promise.resolve() },
  }) as unknown as PluginKeeper)
  return { crew: new PluginCrew(keepers), calls, closed, up }
}

const run = async (crew: PluginCrew, times: number): Promise<void> => {
  for (let time = 0; time < times; time++) await crew.run(0, 'Hook', [])
}

test('calls go round', async () => {
  const { crew, calls } = gather([true, true, true])
  await run(crew, 7)
  expect(calls).toEqual([0, 1, 2, 0, 1, 2, 0])
})

test('those that are down are passed by, and join in again', async () => {
  const { crew, calls, up } = gather([true, false, true])
  await run(crew, 3)
  up[1] = true
  await run(crew, 3)
  expect(calls).toEqual([0, 2, 0, 1, 2, 0])
})

test('with none up one is called all the same, to say why', async () => {
  const { crew, calls } = gather([false, false])
  await run(crew, 1)
  expect(calls).toHaveLength(1)
})

test('a start waits for all, and fails with what failed first in order', async () => {
  let isLate = false
  const late = new Promise((resolve) => { setImmediate(resolve) }).then(() => { isLate = true })
  const { crew } = gather([true, true, true], [Promise.resolve('shape'), Promise.reject(new Error('no')), late])
  await expect(crew.start()).rejects.toThrow('no')
  expect(isLate).toBe(true)
  expect(await gather([true]).crew.start()).toBe('the shape')
})

test('all are closed, also when one fails to', async () => {
  const { crew, closed } = gather([true, true, true])
  await expect(crew.close()).rejects.toThrow('stuck')
  expect(closed).toEqual([0, 1, 2])
})
