import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { Traffic } from './traffic.js'

/** Whether a promise is fulfilled by now. */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  let done = false
  void promise.then(() => { done = true })
  await turn()
  return done
}

test('nothing under way is waited for by nobody', async () => {
  expect(await isDone(new Traffic().drained())).toBe(true)
})

test('what began before is waited for, and what begins after is not', async () => {
  const traffic = new Traffic()
  const [one, two] = [traffic.enter(), traffic.enter()]
  const drained = traffic.drained()
  one.leave()
  expect(await isDone(drained)).toBe(false)
  two.leave()
  await turn()
  traffic.enter()
  expect(await isDone(drained)).toBe(true)
})

test('what something under way began is waited for as well', async () => {
  const traffic = new Traffic()
  const request = traffic.enter()
  const drained = traffic.drained()
  const hook = traffic.enter()
  request.leave()
  expect(await isDone(drained)).toBe(false)
  hook.leave()
  expect(await isDone(drained)).toBe(true)
})

test('who waits later waits for what was there earlier, too', async () => {
  const traffic = new Traffic()
  const old = traffic.enter()
  void traffic.drained()
  const young = traffic.enter()
  const second = traffic.drained()
  young.leave()
  expect(await isDone(second)).toBe(false)
  expect(young.count).toBe(0)
  old.leave()
  expect(await isDone(second)).toBe(true)
})
