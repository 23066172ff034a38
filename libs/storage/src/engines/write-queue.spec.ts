import { describe, expect, test } from '@jest/globals'
import type { Outcome, Write } from './engine.js'
import { WriteQueue } from './write-queue.js'

const created: Outcome = { type: 'created', version: 1, source: {} }
const order = (name: string, count: number): Write[] => Array.from({ length: count }, (_, n) => ({ kind: 'create', table: 'c1', id: `${name}${n}`, source: {} }))

/** A queue whose commits are kept, each as how many writes of which order it held. */
function createQueue(fail: (writes: readonly Write[]) => boolean = () => false) {
  const commits: Record<string, number>[] = []
  const queue = new WriteQueue(async (writes) => {
    const counts: Record<string, number> = {}
    for (const { id } of writes) counts[id[0] as string] = (counts[id[0] as string] ?? 0) + 1
    commits.push(counts)
    if (fail(writes)) throw new Error('no')
    return writes.map(() => created)
  })
  return { queue, commits }
}

describe('the write queue', () => {
  test('puts what is asked for at the same time into one commit', async () => {
    const { queue, commits } = createQueue()
    const [a, b] = await Promise.all([queue.add(order('a', 2)), queue.add(order('b', 1))])
    expect([a.length, b.length, commits]).toEqual([2, 1, [{ a: 2, b: 1 }]])
  })

  test('never splits an order that fits into one commit', async () => {
    const { queue, commits } = createQueue()
    await Promise.all([queue.add(order('a', 600)), queue.add(order('b', 600)), queue.add(order('c', 400))])
    expect(commits).toEqual([{ a: 600 }, { b: 600, c: 400 }])
  })

  test('lets others in between the parts of a large order', async () => {
    const { queue, commits } = createQueue()
    const [large] = await Promise.all([queue.add(order('a', 2500)), queue.add(order('b', 1))])
    expect(commits).toEqual([{ a: 1000 }, { b: 1 }, { a: 1000 }, { a: 500 }])
    expect(large).toHaveLength(2500)
  })

  test('fails everything in a commit that fails, and goes on with the next', async () => {
    const { queue } = createQueue((writes) => writes.some(({ id }) => id === 'a0'))
    const [a, b] = await Promise.allSettled([queue.add(order('a', 1)), queue.add(order('b', 1))])
    expect([a.status, b.status]).toEqual(['rejected', 'rejected'])
    expect(await queue.add(order('c', 1))).toEqual([created])
  })

  test('has nothing to do for no writes', async () => {
    const { queue, commits } = createQueue()
    expect(await queue.add([])).toEqual([])
    expect(commits).toEqual([])
  })
})
