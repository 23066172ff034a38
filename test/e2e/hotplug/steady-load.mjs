/** Requests that are sent at their times, each answered by the generation of a plugin that its pipe tells. */
import { Agent, get } from 'node:http'

/** Milliseconds between two looks at how many requests are due. */
const BEAT = 2

/** Milliseconds without any answer after which those that are still to come count as lost: on a busy machine, many wait for their turn. */
const PATIENCE = 60_000

const CONNECTIONS = 256

/** Milliseconds after which a connection that nothing uses is closed from here: the server does so later, and may while a request is on its way. */
const IDLE = 2_000

export class SteadyLoad {
  /** Of the plugin that is in its place for sure: one more with each swap that is answered. */
  generation = 1
  faults = []
  #url
  #rate
  #isCounting
  #agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS, timeout: IDLE })
  #sent = 0
  #times = []
  #generations = new Set()
  #began = 0
  #seconds = 0
  #timer

  /**
   * @param rate - Requests a second.
   * @param isCounting - Whether generations count up: a plugin in a process of its own begins at one each time.
   */
  constructor(url, { rate, isCounting }) {
    this.#url = url
    this.#rate = rate
    this.#isCounting = isCounting
  }

  /** Connections and code that is compiled, so that the first swap meets a host at its pace. */
  async warmUp() {
    await Promise.all(Array.from({ length: 500 }, () => this.#send()))
    this.#sent = 0
    this.#times = []
  }

  start() {
    this.#began = performance.now()
    this.#timer = setInterval(() => {
      const due = Math.floor((performance.now() - this.#began) / 1_000 * this.#rate)
      for (; this.#sent < due;) void this.#send()
    }, BEAT)
  }

  /** Sends no more, and waits for every answer that is still to come. */
  async end() {
    clearInterval(this.#timer)
    this.#seconds = (performance.now() - this.#began) / 1_000
    let [ended, since] = [this.#ended, performance.now()]
    while (this.#ended < this.#sent && performance.now() < since + PATIENCE) {
      await new Promise((next) => { setTimeout(next, 10) })
      if (this.#ended > ended) [ended, since] = [this.#ended, performance.now()]
    }
    const lost = this.#sent - this.#ended
    for (let count = 0; count < lost; count++) this.faults.push('a request was never answered')
    this.#agent.destroy()
  }

  /** How many requests have been answered or have failed. */
  get #ended() {
    return this.#times.length + this.faults.length
  }

  describe() {
    const times = this.#times.sort((one, other) => one - other)
    const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))]?.toFixed(1)
    return `${this.#sent} requests at ${Math.round(this.#sent / this.#seconds)}/s, half within ${at(0.5)} ms, 99 of 100 within ${at(0.99)} ms, all within ${at(1)} ms${this.#isCounting ? `, answered by ${this.#generations.size} plugins` : ''}`
  }

  #send() {
    this.#sent++
    const [start, atLeast] = [performance.now(), this.generation]
    return new Promise((done) => {
      const take = (fault) => {
        if (fault) this.faults.push(fault)
        else this.#times.push(performance.now() - start)
        done()
      }
      get(this.#url, { agent: this.#agent }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk) => { text += chunk }).on('error', (error) => take(error.message)).on('end', () => take(this.#faultOf(response.statusCode, text, atLeast)))
      }).on('error', (error) => take(error.message))
    })
  }

  #faultOf(status, text, atLeast) {
    const { result } = JSON.parse(text)
    const generation = result?.generation
    if (status !== 200 || typeof generation !== 'number') return `${status} ${text}`
    this.#generations.add(generation)
    const isOutdated = this.#isCounting && generation < atLeast
    return isOutdated ? `generation ${generation} answered what was sent after ${atLeast} had its place` : undefined
  }
}
