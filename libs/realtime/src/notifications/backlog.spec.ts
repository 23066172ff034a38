import { describe, expect, test } from '@jest/globals'
import { Backlog } from './backlog.js'

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Takes a millisecond. */
function dally(): void {
  const end = performance.now() + 1
  while (performance.now() < end);
}

describe('a backlog', () => {
  test('does at once what takes no time', () => {
    const done: number[] = []
    new Backlog().add([1, 2, 3], (item) => done.push(item))
    expect(done).toEqual([1, 2, 3])
  })

  test('lets others have their turn, and keeps the order in which work was given', async () => {
    const backlog = new Backlog()
    const items = Array.from({ length: 100 }, (_, n) => n)
    const done: unknown[] = []
    backlog.add(items, (item) => { dally(); done.push(item) })
    expect(done.length).toBeLessThan(items.length)
    backlog.add(['later'], (item) => done.push(item))
    expect(done).not.toContain('later')
    while (!done.includes('later')) await nextTurn()
    expect(done).toEqual([...items, 'later'])
    backlog.add(['last'], (item) => done.push(item))
    expect(done.at(-1)).toBe('last')
  })

  test('does what comes of its work after that work', () => {
    const backlog = new Backlog()
    const done: string[] = []
    backlog.add(['a', 'b'], (item) => {
      if (item === 'a') backlog.add(['of a'], (inner) => done.push(inner))
      done.push(item)
    })
    expect(done).toEqual(['a', 'b', 'of a'])
  })
})
