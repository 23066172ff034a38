import { describe, expect, test } from '@jest/globals'
import { PacketMeter } from '../src/limit-packets.js'

/** A packet of some kind: its length in as many digits as that takes, then that many bytes. */
function packet(length: number): Buffer {
  const digits: number[] = []
  for (let left = length; digits.length === 0 || left > 0; left = Math.floor(left / 128)) digits.push((left % 128) + (left >= 128 ? 128 : 0))
  return Buffer.concat([Buffer.from([0x30, ...digits]), Buffer.alloc(length, 0xff)])
}

describe('packets within the limit', () => {
  test.each([0, 1, 127, 128, 300, 16_384])('of %i bytes pass, in one piece or in many', (length) => {
    const bytes = Buffer.concat([packet(length), packet(2), packet(length)])
    expect(new PacketMeter(16_384).accepts(bytes)).toBe(true)
    const meter = new PacketMeter(16_384)
    expect([...bytes].every((byte) => meter.accepts(Buffer.from([byte])))).toBe(true)
  })
})

describe('a packet beyond the limit', () => {
  test('is known by its first bytes', () => {
    expect(new PacketMeter(300).accepts(packet(301).subarray(0, 3))).toBe(false)
  })

  test('is known after others, wherever the pieces break', () => {
    const bytes = Buffer.concat([packet(300), packet(300), packet(301).subarray(0, 3)])
    for (let at = 1; at < bytes.length; at++) {
      const meter = new PacketMeter(300)
      expect(meter.accepts(bytes.subarray(0, at)) && meter.accepts(bytes.subarray(at))).toBe(false)
    }
  })
})
