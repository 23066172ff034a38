import { ServiceUnavailableError } from '@mortise/sdk'

/** Plugins that listen, and what to. */
const LISTENERS = ['stock-guard', 'created-at', 'deletion-log', 'classic-hello', 'that-keeps-a-ledger']

/** Ids of errors by which a host says that a plugin could not be asked. */
const EXCUSES = ['plugin.worker.unavailable', 'plugin.runtime.pipe_timeout', 'plugin.runtime.call_timeout', 'plugin.runtime.breaker_open', 'plugin.runtime.quarantined']

/** Often enough to meet the restarts, and seldom enough that the wait between two of them stays short. */
const MOST_CRASHES = 4

/** Places faults by chance, each for a while, and knows which errors they explain. */
export class Mischief {
  #timers = new Set()
  #harmed = new Set()
  #crashes = new Map()
  #isOver = false
  counts = {}

  constructor({ random, host, isolated, clients }) {
    Object.assign(this, { random, host, isolated, clients })
    this.killable = LISTENERS.filter((name) => isolated.includes(name))
  }

  /** One fault every so many milliseconds, until {@link stop}. */
  start(every) {
    const strike = () => {
      this.#strike()
      this.#later(strike, this.random.between(0, 2 * every))
    }
    strike()
  }

  /** Takes all faults away; what crashed comes back in its time. */
  stop() {
    this.#isOver = true
    for (const timer of this.#timers) clearTimeout(timer)
    this.host.faults.clear()
  }

  /** Whether an error names a fault that was there. Once all is calm, none does. */
  excuses = ({ id, message }) => /\bchaos \d+/.test(message) || (EXCUSES.includes(id) && [...this.#harmed].some((plugin) => message.includes(`"${plugin}"`)))

  #strike() {
    const { random, host: { faults } } = this
    const plugin = random.pick(LISTENERS)
    const times = random.between(1, 3)
    const kind = random.pick(['fail', 'fail', 'delay', 'delay', 'duplicate', 'reorder', 'kill', 'crash', 'cut'])
    const target = { plugin, times }
    const place = {
      fail: () => this.#for(plugin, faults.fail(target, this.#error())),
      delay: () => this.#for(plugin, faults.delay(target, random.chance(0.1) ? 1_200 : random.between(1, 200))),
      duplicate: () => this.#for(plugin, faults.duplicate(target)),
      reorder: () => this.#for(plugin, faults.reorder(target, { size: random.between(2, 4), within: random.between(5, 60) })),
      kill: () => this.#kill(random.pick(this.killable), (name) => this.#for(name, faults.kill({ plugin: name, times: 1 }))),
      crash: () => this.#kill(random.pick(this.isolated), (name) => {
        this.#harmed.add(name)
        faults.crash(name)
      }),
      cut: () => random.pick(this.clients.filter(({ cut }) => cut)).cut(),
    }
    place[kind]()
    this.counts[kind] = (this.counts[kind] ?? 0) + 1
  }

  #error() {
    const text = `chaos ${this.random.between(1, 1e6)}`
    return this.random.chance(0.5) ? new ServiceUnavailableError(text) : new Error(text)
  }

  #kill(name, place) {
    const crashes = (this.#crashes.get(name) ?? 0) + 1
    if (name === undefined || crashes > MOST_CRASHES) return
    this.#crashes.set(name, crashes)
    place(name)
  }

  #for(plugin, fault) {
    this.#harmed.add(plugin)
    this.#later(() => fault.remove(), this.random.between(50, 800))
  }

  #later(act, milliseconds) {
    if (this.#isOver) return
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      act()
    }, milliseconds)
    this.#timers.add(timer)
  }
}
