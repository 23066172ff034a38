import { randomUUID } from 'node:crypto'
import { createPauses } from '@app/storage'
import { MAX_DEPTH, parseShallowJson, tooDeep } from './parse-json.js'

/** Bytes from which on a text is parsed piece by piece. */
export const LARGE = 1_000_000

/** Lists in so many others, objects or lists, are looked for. */
const LIST_DEPTH = 3
const PIECE = 50_000

type Piece = readonly [start: number, end: number]

/** A list of the text: where it begins and ends, and what lies between, cut after some of its elements. */
interface List { readonly start: number; readonly end: number; readonly pieces: readonly Piece[] }

/**
 * What `parseJson` makes of a text, in as many turns of the event loop as it takes. Long lists are cut between two of their elements, and
 * each piece is parsed by itself; so is what is left of the text without them.
 *
 * @param bytes - the text in UTF-8
 * @param length - of a piece, at least, in bytes
 * @throws SyntaxError as `parseJson` does
 */
export async function parseLargeJson(bytes: Buffer, length = PIECE): Promise<unknown> {
  const giveWay = createPauses()
  const lists = await findLists(new Scan(bytes, length), giveWay)
  const sign = randomUUID()
  const value = parseShallowJson(withoutLists(bytes, lists, sign))
  const signed = findSigned(value, sign)
  for (const [number, { pieces }] of lists.entries()) {
    const list: unknown[] = signed.get(number) ?? []
    list.length = 0
    for (const piece of pieces) {
      appendPiece(list, bytes, piece)
      await giveWay()
    }
  }
  return value
}

function appendPiece(list: unknown[], bytes: Buffer, [start, end]: Piece): void {
  const elements = parseShallowJson(`[${bytes.toString('utf8', start, end)}]`) as unknown[]
  if (elements.length === 0) throw new SyntaxError('A list ends with a comma.')
  for (const element of elements) list.push(element)
}

/** Reads each byte once. What is no JSON in other ways shows when it is parsed. */
async function findLists(scan: Scan, giveWay: ReturnType<typeof createPauses>): Promise<List[]> {
  while (scan.at < scan.bytes.length) {
    scan.run(scan.at + PIECE)
    await giveWay()
  }
  return scan.lists
}

const [QUOTE, BACKSLASH, COMMA] = [34, 92, 44]
const [LIST, LIST_END, OBJECT, OBJECT_END] = [91, 93, 123, 125]

class Scan {
  /** Those that are cut. */
  readonly lists: List[] = []
  at = 0
  /** What would close the objects and lists that are open. */
  readonly #open: number[] = []
  /** The list that is being read, how many brackets are open within it, and where its piece began. */
  #list: { start: number; piece: number; pieces: Piece[]; depth: number } | undefined
  #isText = false

  constructor(readonly bytes: Buffer, private readonly length: number) {}

  run(until: number): void {
    const { bytes } = this
    const end = Math.min(until, bytes.length)
    for (; this.at < end; this.at++) {
      const byte = bytes[this.at]
      if (!this.#isText) this.#read(byte)
      else if (byte === BACKSLASH) this.at++
      else if (byte === QUOTE) this.#isText = false
    }
  }

  #read(byte: number | undefined): void {
    switch (byte) {
      case QUOTE: this.#isText = true; break
      case COMMA: this.#separate(); break
      case LIST: this.#begin(LIST_END); break
      case OBJECT: this.#begin(OBJECT_END); break
      case LIST_END: case OBJECT_END: this.#end(byte)
    }
  }

  #begin(end: number): void {
    const depth = this.#open.push(end)
    if (depth > MAX_DEPTH) throw tooDeep()
    if (end === LIST_END && depth <= LIST_DEPTH) this.#list ??= { start: this.at, piece: this.at + 1, pieces: [], depth }
  }

  #separate(): void {
    const list = this.#list
    if (!list || this.#open.length !== list.depth || this.at - list.piece < this.length) return
    list.pieces.push([list.piece, this.at])
    list.piece = this.at + 1
  }

  #end(byte: number): void {
    if (this.#open.pop() !== byte) throw new SyntaxError('A bracket closes what is not open.')
    const list = this.#list
    if (!list || this.#open.length >= list.depth) return
    this.#list = undefined
    if (list.pieces.length > 0) this.lists.push({ start: list.start, end: this.at + 1, pieces: [...list.pieces, [list.piece, this.at]] })
  }
}

/** The text with a sign and a number in place of each list's elements. */
function withoutLists(bytes: Buffer, lists: readonly List[], sign: string): string {
  let text = ''
  let at = 0
  for (const [number, { start, end }] of lists.entries()) {
    text += `${bytes.toString('utf8', at, start)}["${sign}",${number}]`
    at = end
  }
  return text + bytes.toString('utf8', at)
}

/** The lists with the sign, by number. Of a key that comes twice there is only the last. */
function findSigned(value: unknown, sign: string, depth = LIST_DEPTH): Map<number, unknown[]> {
  if (typeof value !== 'object' || value === null || depth === 0) return new Map()
  if (Array.isArray(value) && value[0] === sign) return new Map([[value[1] as number, value as unknown[]]])
  return new Map(Object.values(value).flatMap((each) => [...findSigned(each, sign, depth - 1)]))
}
