import { Lost } from './clients.mjs'
import { PAYMENTS, PEOPLE, PROVIDER, STOCK } from './stage.mjs'

/**
 * What one client does: each deed asks for something, and compares what comes
 * with what is right. It answers with `undefined`, or with what was wrong.
 */
export class Doer {
  #count = 0
  #own = []

  constructor(parts) {
    Object.assign(this, parts)
  }

  /** Does something that chance chooses. */
  act() {
    return this.random.pick(DEEDS).call(this)
  }

  /** One deed of each kind, none of which may fail. */
  async *all() {
    for (const deed of [...new Set(DEEDS)]) yield await deed.call(this)
  }

  greet(controller) {
    const name = `person-${this.random.between(1, 1e6)}`
    return this.#expect({ controller, action: 'sayHello', name }, ({ result }) => result === `Hello ${name}`)
  }

  async write() {
    const id = `n-${this.name}-${++this.#count}`
    const n = this.random.between(1, 1e6)
    const wrong = await this.#change({ action: 'create', event: 'Write', id, state: { n } }, { body: { n } })
    if (this.record.stateOf(`notes/${id}`) !== undefined) this.#own.push(id)
    return wrong
  }

  rewrite() {
    const id = this.random.pick(this.#own)
    if (id === undefined) return this.write()
    const n = this.random.between(1, 1e6)
    const { action, event } = this.random.pick([{ action: 'update', event: 'Update' }, { action: 'replace', event: 'Write' }])
    return this.#change({ action, event, id, state: { n } }, { body: { n } })
  }

  async remove() {
    const id = this.#own.shift()
    if (id === undefined) return this.write()
    const wrong = await this.#change({ action: 'delete', event: 'Delete', id, state: undefined }, {})
    if (this.record.stateOf(`notes/${id}`) !== undefined && !this.#lost.has(id)) this.#own.push(id)
    return wrong
  }

  read() {
    const id = this.random.pick(this.#own)
    if (id === undefined) return this.write()
    const { n } = this.record.stateOf(`notes/${id}`)
    return this.#expect({ controller: 'document', action: 'get', index: 'shop', collection: 'notes', _id: id }, ({ result }) => result._source.n === n && typeof result._source.createdAt === 'number')
  }

  order() {
    const product = this.random.pick([...Object.keys(STOCK), 'plum'])
    const quantity = this.random.between(0, 6)
    const id = `o-${this.name}-${++this.#count}`
    const body = { product, quantity }
    if (quantity < 1) return this.#refuse({ ...creation('orders', id), body }, 'plugin.stock-guard.invalid_order')
    if (quantity > (STOCK[product] ?? 0)) return this.#refuse({ ...creation('orders', id), body }, 'plugin.stock-guard.out_of_stock')
    return this.#change({ collection: 'orders', action: 'create', event: 'Write', id, state: body }, { body })
  }

  async pay() {
    const order = `${this.name}-${++this.#count}`
    const amount = this.random.between(4, 1_000)
    const request = { controller: 'checkout/payment', action: 'pay', body: { order, amount } }
    const deed = PAYMENTS[amount % PAYMENTS.length]
    if (deed === 'refuses') return this.#refuse(request, 'plugin.checkout.payment_refused')
    if (deed === 'fails') return this.#refuse(request, undefined, /gave no usable answer/)
    let isPaid = false
    const wrong = await this.#expect(request, ({ result }) => (isPaid = result._id === `paid-${order}` && result.amount === amount && result.currency === 'EUR'))
    return wrong ?? (isPaid ? this.#expect({ controller: 'checkout/payment', action: 'find', id: `paid-${order}` }, ({ result }) => result.amount === amount) : undefined)
  }

  async logIn() {
    const username = this.random.pick(Object.keys(PEOPLE))
    const request = { controller: 'auth', action: 'login', strategy: 'local', body: { username, password: PEOPLE[username] } }
    if (this.random.chance(0.3)) return this.#refuse({ ...request, body: { username, password: 'wrong' } }, 'plugin.strategy.missing_user')
    let jwt
    const wrong = await this.#expect(request, ({ result }) => {
      jwt = result.jwt
      return result._id === username
    })
    return wrong ?? (jwt && this.#expect({ controller: 'auth', action: 'checkToken', body: { token: jwt } }, ({ result }) => result.valid === true))
  }

  goToProvider() {
    return this.#expect({ controller: 'auth', action: 'login', strategy: 'club' }, ({ result }) => result.statusCode === 302 && result.headers.Location.startsWith(PROVIDER))
  }

  comeBackForged() {
    return this.#refuse({ controller: 'auth', action: 'login', strategy: 'club', code: 'forged', state: 'forged' }, undefined, /./)
  }

  #lost = new Set()

  /** A change of a document of one's own: acknowledged, refused by a fault and not done, or lost. */
  async #change({ collection = 'notes', action, event, id, state }, more) {
    const change = { collection, key: `${collection}/${id}`, action, event, id, state, n: state?.n }
    try {
      const { result } = await this.ask({ controller: 'document', action, index: 'shop', collection, _id: id, ...more })
      this.record.done({ ...change, version: result._version })
      return result._id === id ? undefined : `${action} of ${id} was answered with ${JSON.stringify(result)}`
    } catch (error) {
      if (!(error instanceof Lost)) return this.#explain(error, `${action} of ${id}`)
      this.record.lost(change)
      this.#lost.add(id)
      this.#own = this.#own.filter((own) => own !== id)
      return undefined
    }
  }

  async #expect(request, isRight) {
    try {
      const answer = await this.ask(request)
      return isRight(answer) ? undefined : `${describe(request)} was answered with ${JSON.stringify(answer.result)}`
    } catch (error) {
      return this.#explain(error, describe(request))
    }
  }

  /** Asks for what must be refused. */
  async #refuse(request, id, message = /./) {
    try {
      const { result } = await this.ask(request)
      return `${describe(request)} was not refused, but answered with ${JSON.stringify(result)}`
    } catch (error) {
      const isRight = id === undefined ? message.test(error.message) && error.status !== undefined : error.id === id
      return isRight ? undefined : this.#explain(error, describe(request))
    }
  }

  /** An error must be one that a fault of the moment explains. */
  #explain(error, subject) {
    if (error instanceof Lost || this.excuses(error)) return undefined
    return `${subject} over ${this.name} failed with ${error.id ?? ''} ${error.status ?? ''} ${error.message}`
  }
}

const { write, rewrite, remove, read, order, pay, logIn, goToProvider, comeBackForged } = Doer.prototype
function greet() { return this.greet('hello-world/hello') }
function greetAsEver() { return this.greet('classic-hello/hello') }

/** As often as they stand here; a log-in costs a tenth of a second of the processor. */
const DEEDS = [write, write, write, rewrite, rewrite, remove, read, order, order, pay, pay, greet, greet, greetAsEver, goToProvider, comeBackForged, logIn]

const creation = (collection, _id) => ({ controller: 'document', action: 'create', index: 'shop', collection, _id })
const describe = ({ controller, action, ...rest }) => `${controller}:${action} ${JSON.stringify(rest)}`
