import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { describeMemoryStore } from '../memory-store.contract.js'
import { openMemoryStore } from '../open-memory-store.js'
import { compileGlob } from './glob.js'
import { EmbeddedMemoryStore } from './embedded-memory-store.js'

describeMemoryStore('the memory storage within the process', () => openMemoryStore())

let now = 1_000
let store: EmbeddedMemoryStore
beforeEach(() => {
  now = 1_000
  store = new EmbeddedMemoryStore(() => now)
})
afterEach(() => store.close())

test('a key lives to its last millisecond, and is not counted afterwards', async () => {
  await store.run(['set', 'k', 'v', 'PX', '500'])
  now = 1_499
  await expect(store.run(['get', 'k'])).resolves.toBe('v')
  now = 1_500
  await expect(store.run(['dbsize'])).resolves.toBe(0)
  await expect(store.run(['get', 'k'])).resolves.toBeNull()
})

test('many different elements are counted within a few percent', async () => {
  const elements = Array.from({ length: 20_000 }, (_, at) => `element ${at}`)
  await store.run(['pfadd', 'p', ...elements])
  const count = await store.run(['pfcount', 'p']) as number
  expect(Math.abs(count - 20_000)).toBeLessThan(600)
})

test('a pattern of many stars does not take for ever', () => {
  expect(compileGlob(`${'a*'.repeat(50)}b`)('a'.repeat(5_000))).toBe(false)
})

test('nothing of an object is a command', async () => {
  await expect(store.run(['constructor', 'k'])).rejects.toMatchObject({ id: 'services.cache.read_failed' })
})
