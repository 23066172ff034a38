import type { Request } from '@mortise/sdk'
import { createPauses } from '@app/storage'
import { frameOf, writeFailure, writeItem, type EnvelopeOptions } from './envelope.js'

/** Lists that are longer are written piece by piece. */
const LONG = 500
/** So deep below the result, and in objects of no more keys, long lists are looked for. */
const DEPTH = 4
const MOST_KEYS = 50

/** Characters between two looks at the clock. */
const PIECE = 50_000

/** Whether an answer holds a list so long that others should get their turn while it is written. */
export const isLarge = ({ error, result }: Request): boolean => error === null && holdsLongList(result)

/** The envelope of an answer as `writeEnvelope` makes it, in UTF-8, written in as many turns of the event loop as it takes. */
export async function writeLargeEnvelope(request: Request, options: EnvelopeOptions): Promise<Buffer> {
  try {
    const { head, tail } = frameOf(request, options)
    return await collect(head, writeValue(request.result, DEPTH), tail)
  } catch (fault) {
    return Buffer.from(writeFailure(request, options, fault))
  }
}

async function collect(head: string, pieces: Iterable<string>, tail: string): Promise<Buffer> {
  const written: Buffer[] = []
  let text = `${head},"result":`
  const giveWay = createPauses()
  for (const piece of pieces) {
    text += piece
    if (text.length < PIECE) continue
    written.push(Buffer.from(text))
    text = ''
    await giveWay()
  }
  return Buffer.concat([...written, Buffer.from(text + tail)])
}

function holdsLongList(value: unknown, depth = DEPTH): boolean {
  if (Array.isArray(value)) return value.length > LONG
  if (depth === 0 || !isPlain(value)) return false
  const keys = Object.keys(value)
  return keys.length <= MOST_KEYS && keys.some((key) => holdsLongList(value[key], depth - 1))
}

/** What is made by a class, or says itself what its JSON is, is left to `JSON.stringify`. */
function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || typeof (value as { toJSON?: unknown }).toJSON === 'function') return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function* writeValue(value: unknown, depth: number): Generator<string> {
  if (!holdsLongList(value, depth)) yield writeItem(value) ?? 'null'
  else if (Array.isArray(value)) yield* writeList(value)
  else yield* writeObject(value as Record<string, unknown>, depth - 1)
}

function* writeList(list: readonly unknown[]): Generator<string> {
  let before = '['
  for (const item of list) {
    yield before + (writeItem(item) ?? 'null')
    before = ','
  }
  yield ']'
}

function* writeObject(object: Record<string, unknown>, depth: number): Generator<string> {
  let before = '{'
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined || typeof value === 'function' || typeof value === 'symbol') continue
    yield `${before}${JSON.stringify(key)}:`
    yield* writeValue(value, depth)
    before = ','
  }
  yield '}'
}
