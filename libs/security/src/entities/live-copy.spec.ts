import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { DocumentStore } from '@app/storage'
import { openTestSecurity, type TestSecurity } from '../../../../test/support/open-test-security.js'
import { LiveCopy } from './live-copy.js'
import { places } from './places.js'

/** A gate that a test opens. */
function createGate() {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => { open = resolve })
  return { open, opened }
}

describe('what lies at hand of a collection', () => {
  let host: TestSecurity
  let at: Map<string, unknown>
  let copy: LiveCopy
  /** Answers to reads wait here, once it is set. */
  let gate: ReturnType<typeof createGate> | undefined

  const stored = (id: string, n: number): Promise<unknown> => host.store.createOrReplace(places.roles, { _id: id, body: { n } })

  beforeEach(async () => {
    host = await openTestSecurity()
    for await (const { _id } of host.store.export(places.roles)) await host.store.delete(places.roles, _id)
    at = new Map()
    gate = undefined
    const slow: Pick<DocumentStore, 'mGet' | 'export'> = {
      mGet: async (...given) => {
        const held = gate
        const answer = await host.store.mGet(...given)
        await held?.opened
        return answer
      },
      export: async function* (...given) {
        const held = gate
        const documents = []
        for await (const document of host.store.export(...given)) documents.push(document)
        await held?.opened
        yield* documents
      },
    }
    copy = new LiveCopy(slow as DocumentStore, places.roles, {
      put: (id, content) => void at.set(id, content.n), remove: (id) => void at.delete(id), ids: () => [...at.keys()],
    })
  })
  afterEach(async () => { await host.close() })

  test('is what is stored, and forgets what is gone', async () => {
    await stored('a', 1)
    await stored('b', 1)
    await copy.readAll()
    await host.store.delete(places.roles, 'b')
    await copy.readAll()
    expect([...at]).toEqual([['a', 1]])
    await host.store.delete(places.roles, 'a')
    await copy.read('a')
    expect(at.size).toBe(0)
  })

  test.each([
    ['reads one', () => copy.read('a')],
    ['reads all', () => copy.readAll()],
  ])('is what this node wrote while it %s', async (_what, read) => {
    await stored('a', 1)
    gate = createGate()
    const reading = read()
    await new Promise((next) => { setTimeout(next, 20) })
    const { open } = gate
    gate = undefined
    await copy.write('a', { n: 2 }, () => stored('a', 2))
    open()
    await reading
    expect(at.get('a')).toBe(2)
  })

  test('is what others wrote last, in whatever order the answers come', async () => {
    await stored('a', 1)
    gate = createGate()
    const { open } = gate
    const first = copy.read('a')
    await new Promise((next) => { setTimeout(next, 20) })
    await stored('a', 2)
    gate = undefined
    await copy.read('a')
    open()
    await first
    expect(at.get('a')).toBe(2)
  })

  test('is what another node wrote right after this one, though that is heard of first', async () => {
    await copy.write('a', { n: 1 }, async () => {
      await stored('a', 1)
      await stored('a', 2)
      await copy.read('a')
    })
    expect(at.get('a')).toBe(2)
  })

  test('stays when a removal fails', async () => {
    await copy.write('a', { n: 1 }, () => stored('a', 1))
    await expect(copy.write('a', undefined, () => Promise.reject(new Error('cut')))).rejects.toThrow('cut')
    expect(at.get('a')).toBe(1)
  })
})
