import { expect, test } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import type { Subject } from './subject.contract.js'

/** The contract of locks: who holds a name, and until when. */
export function describeLocks(subject: Subject): void {
  test('a lock is taken once, by one of several stores, and given back by its holder alone', async () => {
    const name = `l${randomUUID()}`
    const other = subject.another()
    await other.start()
    try {
      const takes = await Promise.all([subject.store.locks.take(name, 'one', 60_000), other.locks.take(name, 'other', 60_000), other.locks.take(name, 'third', 60_000)])
      expect(takes.filter(Boolean)).toHaveLength(1)
      const holder = ['one', 'other', 'third'][takes.indexOf(true)]!
      await subject.store.locks.release(name, 'nobody')
      expect(await other.locks.isTaken(name)).toBe(true)
      await other.locks.release(name, holder)
      expect([await subject.store.locks.isTaken(name), await subject.store.locks.take(name, 'next', 60_000)]).toEqual([false, true])
    } finally {
      await other.close()
    }
  })

  test('a lock falls after its time, unless its holder takes it again', async () => {
    const { locks } = subject.store
    const name = `l${randomUUID()}`
    expect(await locks.take(name, 'one', 1)).toBe(true)
    await new Promise((done) => { setTimeout(done, 5) })
    expect([await locks.isTaken(name), await locks.take(name, 'other', 60_000)]).toEqual([false, true])
    expect([await locks.take(name, 'other', 60_000), await locks.take(name, 'one', 60_000)]).toEqual([true, false])
    await locks.release(name, 'one')
    expect(await locks.isTaken(name)).toBe(true)
  })
}
