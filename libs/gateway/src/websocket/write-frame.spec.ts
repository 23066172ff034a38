import { describe, expect, test } from '@jest/globals'
import { BadRequestError, Request } from '@mortise/sdk'
import { notificationFrames, writeAnswer } from './write-frame.js'

function answered(result: unknown, raw = false): Request {
  const request = new Request({ requestId: 'r', controller: 'c', action: 'a' })
  request.setResult(result, { raw })
  return request
}

const frameOf = (result: unknown, raw: boolean): unknown => JSON.parse(writeAnswer(answered(result, raw), 'r', false))

describe('the frame of an answer', () => {
  test('is the envelope with the room', () => {
    expect(frameOf({ n: 1 }, false)).toMatchObject({ requestId: 'r', room: 'r', status: 200, result: { n: 1 } })
  })

  test.each([['just text', 'just text'], [5, 5], [null, ''], [undefined, ''], [[1, 2], [1, 2]], [{ n: 1 }, { n: 1, room: 'r' }], [false, false]])('raw %j is %j', (result, frame) => {
    expect(frameOf(result, true)).toEqual(frame)
  })

  test('of a raw failure is the envelope', () => {
    const failed = answered('text', true)
    failed.setError(new BadRequestError('no'))
    expect(JSON.parse(writeAnswer(failed, 'r', false))).toMatchObject({ status: 400, error: { message: 'no' }, room: 'r' })
  })

  test('of a raw result that is no JSON says so', () => {
    expect(JSON.parse(writeAnswer(answered({ n: 1n }, true), 'r', false))).toMatchObject({ error: { id: 'plugin.controller.unserializable_response' }, room: 'r' })
  })

  test('of raw bytes is their JSON form', () => {
    expect(frameOf(Buffer.from('ab'), true)).toEqual({ type: 'Buffer', data: [97, 98] })
  })
})

describe('frames of a notification', () => {
  const framesOf = (payload: Record<string, unknown>, ...channels: string[]): unknown[] =>
    [...notificationFrames({ channels, payload })].map(([, frame]) => JSON.parse(frame().toString()) as unknown)

  test('carry the channel as room, one for each', () => {
    expect(framesOf({ type: 'document', result: { _id: '1' } }, 'a', 'b"c')).toEqual([
      { type: 'document', result: { _id: '1' }, room: 'a' },
      { type: 'document', result: { _id: '1' }, room: 'b"c' },
    ])
  })

  test('have one room, whatever the payload says', () => {
    expect(framesOf({ room: 'other', n: 1 }, 'a')).toEqual([{ n: 1, room: 'a' }])
  })

  test('may have nothing else', () => {
    expect(framesOf({}, 'a')).toEqual([{ room: 'a' }])
  })

  test('write the payload once, however many channels and members there are', () => {
    let times = 0
    const payload = { result: { toJSON: () => ++times } }
    for (const [, frame] of notificationFrames({ channels: ['a', 'b', 'c'], payload })) expect(frame()).toBe(frame())
    expect(times).toBe(1)
  })

  test('are not written at all when nobody is there', () => {
    let times = 0
    expect([...notificationFrames({ channels: ['a', 'b'], payload: { toJSON: () => ++times } })]).toHaveLength(2)
    expect(times).toBe(0)
  })
})
