import { PatternFault } from './pattern-tree.js'
import type { AcceptsCodePoint, PatternTree } from './pattern-tree.js'

const maxNesting = 100
const maxRepeats = 1000
const maxAnswers = 1000

const refusedGroups: [opening: string, name: string][] = [
  ['(?=', 'a look-ahead'], ['(?!', 'a negative look-ahead'], ['(?<=', 'a look-behind'], ['(?<!', 'a negative look-behind'],
]

const groupOpening = /\((?:\?:|\?<[\p{L}_$][\p{L}\p{N}_$]*>)?/uy
const quantifier = /(?:[*+?]|\{(\d{1,6})(,(\d{0,6}))?\})\??/y
const characterClass = /\[(?:[^\]\\]|\\.)*\]/suy
const escape = /\\(?:x[\da-f]{2}|u[\da-f]{4}|u\{[\da-f]{1,6}\}|[pP]\{[\w=]+\}|c[a-z]|.)/siuy

/**
 * Reads a regular expression of the dialect that can be matched in linear time: literals, `.`, classes, escapes (`\p{…}` included),
 * groups, alternation, greedy and lazy quantifiers, `^`, `$`, `\b`, `\B`, each with its JavaScript meaning. A class or an escape is
 * left to the platform's own `RegExp`, asked about one character at a time, where it has nothing to backtrack over.
 *
 * @param flags - Any of `i`, `m`, `s`.
 * @throws PatternFault naming what is not in the dialect: back-references, look-around.
 */
export function parsePattern(pattern: string, flags: string): PatternTree {
  return new PatternReader(pattern, flags).read()
}

class PatternReader {
  private position = 0
  private readonly asked = new Map<string, AcceptsCodePoint>()
  private readonly caseFlag: string
  private readonly anyCharacter: AcceptsCodePoint

  constructor(private readonly pattern: string, flags: string) {
    this.caseFlag = flags.includes('i') ? 'i' : ''
    this.anyCharacter = flags.includes('s') ? () => true : (codePoint) => !isLineTerminator(codePoint)
  }

  read(): PatternTree {
    const tree = this.readChoice(0)
    if (this.position < this.pattern.length) throw new PatternFault(`closes a group at ${this.position} that it did not open`)
    return tree
  }

  private readChoice(depth: number): PatternTree {
    if (depth > maxNesting) throw new PatternFault(`nests groups more than ${maxNesting} deep`)
    const options = [this.readSequence(depth)]
    while (this.take('|')) options.push(this.readSequence(depth))
    return options.length === 1 ? options[0]! : { type: 'choice', options }
  }

  private readSequence(depth: number): PatternTree {
    const parts: PatternTree[] = []
    while (this.position < this.pattern.length && !this.sees('|') && !this.sees(')')) {
      const isGroup = this.sees('(')
      parts.push(this.readRepeats(this.readAtom(depth), isGroup))
    }
    return parts.length === 1 ? parts[0]! : { type: 'sequence', parts }
  }

  private readRepeats(body: PatternTree, isGroup: boolean): PatternTree {
    const found = this.scan(quantifier)
    if (found === undefined) return body
    if (body.type === 'assertion' && !isGroup) throw new PatternFault(`repeats an assertion at ${this.position - found[0].length}`)
    const [least, most] = boundsOf(found)
    if (least > most) throw new PatternFault(`has a quantifier whose bounds are out of order: "${found[0]}"`)
    if (least > maxRepeats || (most !== Infinity && most > maxRepeats)) throw new PatternFault(`repeats more than ${maxRepeats} times: "${found[0]}"`)
    return { type: 'repeat', body, least, most }
  }

  private readAtom(depth: number): PatternTree {
    switch (this.pattern[this.position]) {
      case '(': return this.readGroup(depth)
      case '[': return this.readClass()
      case '\\': return this.readEscape()
      case '.': this.position++; return { type: 'character', accepts: this.anyCharacter }
      case '^': this.position++; return { type: 'assertion', assertion: 'start' }
      case '$': this.position++; return { type: 'assertion', assertion: 'end' }
      case '*': case '+': case '?': throw new PatternFault(`has nothing to repeat at ${this.position}`)
      default: return this.readLiteral()
    }
  }

  private readGroup(depth: number): PatternTree {
    const start = this.position
    const refused = refusedGroups.find(([opening]) => this.sees(opening))
    if (refused !== undefined) throw new PatternFault(`uses ${refused[1]} at ${start}, which cannot be matched in linear time`)
    const opening = this.scan(groupOpening)
    if (opening === undefined || this.sees('?')) throw new PatternFault(`opens a group of an unknown kind at ${start}`)
    const tree = this.readChoice(depth + 1)
    if (!this.take(')')) throw new PatternFault(`never closes the group that opens at ${start}`)
    return tree
  }

  private readClass(): PatternTree {
    const found = this.scan(characterClass)
    if (found === undefined) throw new PatternFault(`never closes the class that opens at ${this.position}`)
    return { type: 'character', accepts: this.ask(found[0]) }
  }

  private readEscape(): PatternTree {
    const start = this.position
    const found = this.scan(escape)
    if (found === undefined) throw new PatternFault('ends in a lone backslash')
    const source = found[0]
    if (source === '\\b') return { type: 'assertion', assertion: 'boundary' }
    if (source === '\\B') return { type: 'assertion', assertion: 'no-boundary' }
    if (/^\\[1-9k]/.test(source)) throw new PatternFault(`uses a back-reference at ${start}, which cannot be matched in linear time`)
    return { type: 'character', accepts: this.ask(source) }
  }

  private readLiteral(): PatternTree {
    const literal = this.pattern.codePointAt(this.position)!
    this.position += literal > 0xffff ? 2 : 1
    if (this.caseFlag === '') return { type: 'character', accepts: (codePoint) => codePoint === literal }
    return { type: 'character', accepts: this.ask(`\\u{${literal.toString(16)}}`) }
  }

  private ask(source: string): AcceptsCodePoint {
    const accepts = this.asked.get(source) ?? askPlatform(source, this.caseFlag)
    this.asked.set(source, accepts)
    return accepts
  }

  private sees(text: string): boolean {
    return this.pattern.startsWith(text, this.position)
  }

  private take(text: string): boolean {
    if (!this.sees(text)) return false
    this.position += text.length
    return true
  }

  private scan(shape: RegExp): RegExpExecArray | undefined {
    shape.lastIndex = this.position
    const found = shape.exec(this.pattern)
    if (found === null) return undefined
    this.position += found[0].length
    return found
  }
}

export function isLineTerminator(codePoint: number): boolean {
  return codePoint === 10 || codePoint === 13 || codePoint === 0x2028 || codePoint === 0x2029
}

function boundsOf([text, least, comma, most]: RegExpExecArray): [number, number] {
  if (least === undefined) return [text.startsWith('+') ? 1 : 0, text.startsWith('?') ? 1 : Infinity]
  if (comma === undefined) return [Number(least), Number(least)]
  return [Number(least), most ? Number(most) : Infinity]
}

/** Asks the platform about single characters, each once while there are not too many. */
function askPlatform(source: string, caseFlag: string): AcceptsCodePoint {
  const single = compileSingle(source, caseFlag)
  if (single === undefined) throw new PatternFault(`has a class or an escape that means nothing: "${source}"`)
  const answers = new Map<number, boolean>()
  return (codePoint) => {
    let answer = answers.get(codePoint)
    if (answer === undefined) {
      if (answers.size === maxAnswers) answers.clear()
      answers.set(codePoint, answer = single.test(String.fromCodePoint(codePoint)))
    }
    return answer
  }
}

/** Without the `u` flag where only that accepts the source, as `[\-@]` does. */
function compileSingle(source: string, caseFlag: string): RegExp | undefined {
  for (const flags of [`u${caseFlag}`, caseFlag]) {
    try {
      return new RegExp(`^${source}$`, flags)
    } catch {
      continue
    }
  }
  return undefined
}
