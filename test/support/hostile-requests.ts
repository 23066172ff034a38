/** A request as a client might send it, whoever they are. */
export type AnyRequest = Record<string, unknown>

const TEXTS = [
  '', 'a', '\0', 'a\0b', '\u0001', '\ud800', '\udc00a', '\ud7ff', '🐀', 'é', 'x'.repeat(3_000), '__proto__', 'constructor', 'toString', 'hasOwnProperty', '../../etc/passwd', '%', '"', '\\',
  `'); drop table collections; --`, '{"a":1}', '*', 'a.b', 'a..b', '.', ' ', '-1', '1e999', 'NaN', 'null', '1s', '\u2028', '_kuzzle_info', '_id', 'i', 'c', 'd0', '2024-01-31', '[1 TO 2]',
]
const NUMBERS = [0, -1, 1, 3, 1.5, 10_000, 2 ** 53, 1e308, -1e308, 5e-324]
const FIELDS = ['text', 'number', 'date', 'place', 'flag', 'list', 'list.deep', 'free', 'nowhere', '_id', '*']
const KEYS = [
  ...FIELDS, 'query', 'equals', 'range', 'term', 'bool', 'must', 'aggs', 'sort', 'from', 'size', 'search_after', 'ids', 'values', 'documents', '_id', 'body', 'changes', 'mappings', 'properties',
  'settings', 'type', 'dynamic', 'content', 'profileIds', 'credentials', 'local', 'username', 'password', 'policies', 'roleId', 'controllers', 'actions', 'strict', 'validators', 'fields', 'key',
  'members', 'bulkData', '__proto__', 'constructor',
]
const ARGUMENTS = [
  'from', 'size', 'scroll', 'scrollId', 'lang', 'strict', 'refresh', 'retryOnConflict', 'source', 'silent', 'reset', 'strategy', 'includes', 'expiresIn', 'type', 'format', 'id', 'ids', 'key', 'force',
  'event', 'users', 'state', 'scope', 'volatile', 'jwt', 'since', 'lon', 'distance', 'unit', 'member', 'field', 'value', 'count', 'match', 'min', 'max', 'targets', '_id',
]

/**
 * Draws requests that nobody would mean: any value in any place, and searches that are nearly, or wholly, as they should be. The same seed
 * draws the same requests.
 */
export class HostileRequests {
  #state: number

  /** @param actions - Pairs of a controller and an action, of which each request asks one. */
  constructor(seed: number, private readonly actions: readonly (readonly [string, string])[]) {
    this.#state = seed
  }

  next(): AnyRequest {
    const [controller, action] = this.#pick(this.actions)
    const request: AnyRequest = { controller, action }
    if (this.#happens(0.97)) request.index = this.#happens(0.95) ? 'i' : this.#scalar()
    if (this.#happens(0.97)) request.collection = this.#happens(0.95) ? 'c' : this.#scalar()
    if (this.#happens(0.6)) request._id = this.#pick(['d0', 'd1', 'new', this.#scalar()])
    while (this.#happens(0.4)) request[this.#pick(ARGUMENTS)] = this.#happens(0.6) ? this.#scalar() : this.#value()
    if (this.#happens(0.9)) request.body = this.#body()
    return request
  }

  #body(): unknown {
    if (this.#happens(0.5)) return this.#search()
    if (this.#happens(0.3)) return this.#filter()
    if (this.#happens(0.3)) return { documents: [{ _id: this.#pick(TEXTS), body: this.#object() }, { body: this.#object() }, this.#value()], ids: [this.#pick(TEXTS), this.#scalar()] }
    return this.#happens(0.9) ? this.#object() : this.#value()
  }

  #search(): AnyRequest {
    return {
      query: this.#filter(),
      ...(this.#happens(0.4) && { aggs: this.#aggregations() }),
      ...(this.#happens(0.4) && { sort: this.#pick([[{ [this.#field()]: this.#pick(['asc', 'desc', this.#scalar()]) }, '_id'], this.#field(), this.#value()]) }),
      ...(this.#happens(0.3) && { search_after: [this.#scalar(), this.#scalar()].slice(0, this.#pick([1, 2])) }),
      ...(this.#happens(0.2) && { from: this.#scalar() }),
      ...(this.#happens(0.2) && { _source: this.#value() }),
    }
  }

  #filter(depth = 0): unknown {
    const inner = (): unknown => (depth > 2 ? {} : this.#filter(depth + 1))
    const [field, text, scalar] = [this.#field(), this.#pick(TEXTS), this.#scalar()]
    return this.#pick<() => unknown>([
      () => ({ term: { [field]: scalar } }), () => ({ terms: { [field]: [scalar, text] } }), () => ({ equals: { [field]: scalar } }), () => ({ in: { [field]: [scalar, text] } }),
      () => ({ range: { [field]: { [this.#pick(['gt', 'gte', 'lt', 'lte', 'format'])]: scalar, lt: this.#scalar() } } }),
      () => ({ prefix: { [field]: text } }), () => ({ wildcard: { [field]: text } }), () => ({ regexp: { [field]: this.#pick(['(', '[', '(a+)+$', 'a{1000}', '\ud800', '.*', text]) } }),
      () => ({ match: { [field]: scalar } }), () => ({ multi_match: { query: text, fields: [field, text] } }), () => ({ query_string: { query: this.#pick([text, `${field}:${text}`, '(((', 'NOT a:*']) } }),
      () => ({ exists: { field } }), () => ({ exists: field }), () => ({ missing: text }), () => ({ ids: { values: [text, scalar] } }),
      () => ({ geoDistance: { place: { lat: scalar, lon: 2 }, distance: text } }), () => ({ geoBoundingBox: { place: { topLeft: this.#value(), bottomRight: this.#value() } } }),
      () => ({ bool: { [this.#pick(['must', 'should', 'must_not', 'filter'])]: [inner(), inner()], minimum_should_match: this.#pick([undefined, scalar]) } }),
      () => ({ and: [inner(), inner()] }), () => ({ or: [inner()] }), () => ({ not: inner() }), () => ({ nested: { path: 'list', query: inner() } }), () => ({}), () => this.#value(),
    ])()
  }

  #aggregations(depth = 0): AnyRequest {
    const field = this.#field()
    const kind = this.#pick([
      { terms: { field, size: this.#pick([1, 10, this.#scalar()]) } }, { date_histogram: { field, calendar_interval: this.#pick(['day', 'month', this.#scalar()]), min_doc_count: this.#scalar() } },
      { [this.#pick(['min', 'max', 'avg', 'sum', 'value_count', 'cardinality', 'stats', 'none'])]: { field } },
    ])
    return { [this.#pick(['one', this.#pick(TEXTS)])]: { ...kind, ...(depth < 2 && this.#happens(0.3) && { aggs: this.#aggregations(depth + 1) }) } }
  }

  #object(): AnyRequest {
    const entries: [string, unknown][] = []
    while (this.#happens(0.65)) entries.push([this.#happens(0.9) ? this.#pick(KEYS) : this.#pick(TEXTS), this.#value(1)])
    return Object.fromEntries(entries)
  }

  #value(depth = 0): unknown {
    if (depth > 4 || this.#happens(0.5)) return this.#scalar()
    if (this.#happens(0.5)) return this.#object()
    return this.#happens(0.02) ? nest(500) : Array.from({ length: Math.floor(this.#draw() * 4) }, () => this.#value(depth + 1))
  }

  #scalar(): unknown {
    return this.#pick<unknown>([this.#pick(TEXTS), this.#pick(TEXTS), this.#pick(NUMBERS), this.#happens(0.5), null])
  }

  #field = (): string => (this.#happens(0.95) ? this.#pick(FIELDS) : this.#pick(TEXTS))
  #happens = (probability: number): boolean => this.#draw() < probability
  #pick = <T>(among: readonly T[]): T => among[Math.floor(this.#draw() * among.length)] as T

  /** From 0 to less than 1, evenly: the generator called mulberry32. */
  #draw(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function nest(levels: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < levels; level++) value = [value]
  return value
}
