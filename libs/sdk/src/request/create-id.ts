import { randomFillSync } from 'node:crypto'

const BYTES = 16
/** Random bytes for many ids, fetched at once. */
const random = Buffer.allocUnsafe(BYTES * 256)
let next = random.length

const DIGITS = Buffer.from('0123456789abcdef')
const text = Buffer.from('00000000-0000-4000-8000-000000000000')
/** Where the two digits of each byte stand. */
const PLACES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34] as const

/**
 * A fresh id for a request, a connection or a document: a version 4 UUID (RFC
 * 9562, section 5.4). Each request needs one or more, and writes it several
 * times: Node's `randomUUID` puts it together of twenty strings, which takes
 * ten times the memory and has to be joined when it is written.
 */
export function createId(): string {
  if (next === random.length) {
    randomFillSync(random)
    next = 0
  }
  random[next + 6] = (random[next + 6]! & 0x0f) | 0x40
  random[next + 8] = (random[next + 8]! & 0x3f) | 0x80
  for (const place of PLACES) {
    const byte = random[next++]!
    text[place] = DIGITS[byte >> 4]!
    text[place + 1] = DIGITS[byte & 0x0f]!
  }
  return text.toString('latin1')
}
