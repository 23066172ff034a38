import type { Bounds, Condition } from '../condition.js'
import type { QueryFields } from './fields.js'
import { allowOnly, readObject, readText, refuse } from './query-fault.js'
import { readQueryTokens } from './query-string-tokens.js'
import type { Token } from './query-string-tokens.js'
import { rangeOf } from './range-query.js'
import { matchAnywhere, matchField, matchPhrase, readFieldNames, readOperator } from './text-queries.js'
import { readExists, wildcard } from './value-queries.js'
import { hasPhrase, wordsOf } from './words.js'

/**
 * `query_string: { query: "city:Hue AND (quantity:[1 TO 5] OR name:an*) -sold" }`: words, "phrases", `field:`, `*` and `?`, ranges,
 * `field:*`, AND, OR, NOT, `&&`, `||`, `!`, `+`, `-` and parentheses. AND binds closer than OR. What else the language has (`~`, `^`,
 * `/regexps/`) is refused.
 */
export function readQueryString(body: unknown, fields: QueryFields): Condition {
  const options = readObject(body, 'query_string')
  allowOnly(options, ['query', 'fields', 'default_field', 'default_operator', 'lenient', 'analyze_wildcard'], 'query_string')
  const query = readText(options.query, 'query_string.query')
  const named = options.fields ?? (options.default_field === undefined || options.default_field === '*' ? undefined : [options.default_field])
  const names = named === undefined ? undefined : readFieldNames(named, fields, 'query_string')
  return new QueryStringReader(readQueryTokens(query), { fields, names, operator: readOperator(options.default_operator, 'query_string') }).read()
}

/** What a clause does in a list of them. */
type Role = 'wanted' | 'unwanted' | 'either'

interface Setting { fields: QueryFields; names: string[] | undefined; operator: 'and' | 'or' }

/** Recursive descent: or → and → clause. Clauses beside each other are joined by the default operator. */
class QueryStringReader {
  private position = 0
  private depth = 0

  constructor(private readonly tokens: readonly Token[], private readonly setting: Setting) {}

  read(): Condition {
    const condition = this.readAlternatives(undefined)
    if (this.position < this.tokens.length) refuse('A query string has a ")" that no "(" opens.')
    return condition
  }

  private get next(): Token | undefined {
    return this.tokens[this.position]
  }

  private take(type: Token['type']): boolean {
    if (this.next?.type !== type) return false
    this.position++
    return true
  }

  /** Clauses with `+` or `-` decide; the others only have to where none has a `+`, and then one of them is enough, or all by default. */
  private readAlternatives(field: string | undefined): Condition {
    if (++this.depth > 64) refuse('A query string cannot be nested more than 64 deep.')
    const clauses: Record<Role, Condition[]> = { wanted: [], unwanted: [], either: [] }
    let isAlternative = false
    while (this.next && this.next.type !== 'close') {
      const role = this.roleOf(this.next)
      const condition = this.readTogether(field)
      const leadsOn = this.take('or')
      clauses[isAlternative || leadsOn ? 'either' : role].push(condition)
      isAlternative = leadsOn
    }
    this.depth--
    const { wanted, unwanted, either } = clauses
    const choice: Condition[] = either.length > 0 && (wanted.length === 0 || this.setting.operator === 'and') ? [{ type: 'any', of: either }] : []
    return { type: 'all', of: [...wanted, ...unwanted, ...choice] }
  }

  private roleOf({ type }: Token): Role {
    if (type === 'not') return 'unwanted'
    return type === 'plus' || this.setting.operator === 'and' ? 'wanted' : 'either'
  }

  private readTogether(field: string | undefined): Condition {
    const parts = [this.readClause(field)]
    while (this.take('and')) parts.push(this.readClause(field))
    return parts.length === 1 ? parts[0]! : { type: 'all', of: parts }
  }

  private readClause(field: string | undefined): Condition {
    if (this.take('plus')) return this.readClause(field)
    if (this.take('not')) return { type: 'not', of: this.readClause(field) }
    const token = this.next ?? refuse('A query string ends where a word should follow.')
    this.position++
    switch (token.type) {
      case 'field': return this.readClause(token.text)
      case 'open': return this.readGroup(field)
      case 'phrase': return this.onFields(field, (name) => matchPhrase(name, token.text, this.setting.fields), (text) => hasPhrase(text, wordsOf(token.text)))
      case 'range': return this.readRange(field, token.bounds)
      case 'word': return this.readWord(field, token.text)
      default: return refuse(`A query string cannot have "${token.type.toUpperCase()}" there.`)
    }
  }

  private readGroup(field: string | undefined): Condition {
    const condition = this.readAlternatives(field)
    if (!this.take('close')) refuse('A query string has a "(" that no ")" closes.')
    return condition
  }

  private readRange(field: string | undefined, bounds: Bounds<string>): Condition {
    const { fields, names = [] } = this.setting
    const chosen = field === undefined ? names : [field]
    if (chosen.length === 0) refuse('A range in a query string needs a field.')
    const typed = Object.fromEntries(Object.entries(bounds).map(([bound, text]) => [bound, /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text]))
    return { type: 'any', of: chosen.map((name) => rangeOf(name, typed, fields)) }
  }

  private readWord(field: string | undefined, text: string): Condition {
    const { fields } = this.setting
    if (text === '*') return field === undefined || field === '*' ? { type: 'all', of: [] } : readExists({ field }, fields)
    if (/[*?]/.test(text)) {
      if (field === undefined && !this.setting.names) return refuse('A wildcard in a query string needs a field.')
      return this.onFields(field, (name) => wildcard(fields.resolve(name), text), () => false)
    }
    const wanted = wordsOf(text)
    return this.onFields(field, (name) => this.matchWord(name, text), (found) => wordsOf(found).some((word) => wanted.includes(word)))
  }

  /** A word of a query string has no type of its own, so for an undeclared field it also stands for the number or boolean it spells. */
  private matchWord(name: string, text: string): Condition {
    const { fields } = this.setting
    const words = matchField(name, text, { fields, operator: 'and' })
    const { path, type } = fields.resolve(name)
    if (type !== undefined || !/^(-?\d+(\.\d+)?|true|false)$/.test(text)) return words
    return { type: 'any', of: [words, { type: 'is', field: path, values: [JSON.parse(text) as number | boolean] }] }
  }

  private onFields(field: string | undefined, onField: (name: string) => Condition, anywhere: (text: string) => boolean): Condition {
    const names = field === undefined ? this.setting.names : [field]
    return names ? { type: 'any', of: names.map(onField) } : matchAnywhere('any', anywhere)
  }
}
