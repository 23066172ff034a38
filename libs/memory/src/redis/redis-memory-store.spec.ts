import { createServer } from 'node:net'
import { expect, test } from '@jest/globals'
import { Redis } from 'ioredis'
import { describeMemoryStore } from '../memory-store.contract.js'
import { openMemoryStore } from '../open-memory-store.js'

/** A database of this test's own. */
const url = 'redis://127.0.0.1:6379/11'

/** Why there is no server to test with, or `undefined` when there is one. */
async function whyUnreachable(): Promise<string | undefined> {
  const client = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.quit()
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

const reason = await whyUnreachable()

// eslint-disable-next-line no-restricted-properties -- a spec has no other way to learn that it runs in continuous integration
const isServerRequired = process.env.CI === 'true'

if (reason === undefined) {
  describeMemoryStore('the memory storage on Redis', () => openMemoryStore(url))
} else {
  // Left out where there is no server, but never unnoticed, and never in continuous integration.
  const declare = isServerRequired ? test : test.skip
  declare(`the contract suite needs Redis at ${url}: ${reason}`, () => { throw new Error(reason) })
}

test('a server that is not there is told of', async () => {
  const taken = createServer()
  await new Promise<void>((done) => { taken.listen(0, '127.0.0.1', done) })
  const { port } = taken.address() as { port: number }
  await new Promise((done) => { taken.close(done) })
  const store = openMemoryStore(`redis://127.0.0.1:${port}`)
  await expect(store.start()).rejects.toMatchObject({ id: 'services.cache.not_connected', status: 503 })
  await expect(store.run(['ping'])).rejects.toMatchObject({ id: 'services.cache.not_connected' })
  await store.close()
})
