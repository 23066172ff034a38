import { beforeEach, describe, expect, test } from '@jest/globals'
import { Channels } from './channels.js'

let channels: Channels<string>
beforeEach(() => { channels = new Channels() })

describe('channels', () => {
  test('have the members that joined', () => {
    channels.join('news', 'ann')
    channels.join('news', 'bob')
    channels.join('sport', 'ann')
    expect([...channels.membersOf('news') ?? []]).toEqual(['ann', 'bob'])
    expect([...channels.membersOf('sport') ?? []]).toEqual(['ann'])
    expect(channels.has('news', 'bob')).toBe(true)
    expect(channels.has('sport', 'bob')).toBe(false)
  })

  test('have each member once, however often it joins', () => {
    channels.join('news', 'ann')
    channels.join('news', 'ann')
    channels.leave('news', 'ann')
    expect(channels.membersOf('news')).toBeUndefined()
  })

  test('are gone with their last member', () => {
    channels.join('news', 'ann')
    channels.join('news', 'bob')
    channels.leave('news', 'ann')
    expect(channels.size).toBe(1)
    channels.leave('news', 'bob')
    expect(channels.size).toBe(0)
  })

  test('lose a member that leaves them all', () => {
    channels.join('news', 'ann')
    channels.join('sport', 'ann')
    channels.join('news', 'bob')
    channels.leaveAll('ann')
    expect([...channels.membersOf('news') ?? []]).toEqual(['bob'])
    expect(channels.membersOf('sport')).toBeUndefined()
  })

  test('do not mind who was never there', () => {
    channels.leave('news', 'ann')
    channels.leaveAll('ann')
    channels.join('news', 'bob')
    channels.leave('news', 'ann')
    channels.leave('sport', 'bob')
    expect(channels.has('news', 'bob')).toBe(true)
  })

  test('keep nothing after ten thousand came and went', () => {
    for (let index = 0; index < 10_000; index++) channels.join(`channel ${index % 100}`, `member ${index}`)
    for (let index = 0; index < 10_000; index++) channels.leaveAll(`member ${index}`)
    expect(channels.size).toBe(0)
  })
})
