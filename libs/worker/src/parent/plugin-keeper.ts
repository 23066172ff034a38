import type { Logger } from '@mortise/sdk'
import type { PluginShape } from '../wire/messages.js'
import { packPayload, readAnswer, type PayloadAnswer } from '../wire/payload.format.js'
import { CrossingError } from '../wire/wire.js'
import { workerErrors } from '../worker.errors.js'
import type { PluginLife } from './plugin-life.js'

/** What a keeper is made from. */
export interface KeeperParts {
  readonly plugin: string
  readonly logger: Logger
  /** Begins a life of the plugin, not started yet. */
  readonly begin: () => PluginLife
  /** Takes note that it went down for the n-th time in a row; `true` when it is not to be started again, until {@link PluginKeeper.resume}. */
  readonly crashed?: (times: number, reason: string) => boolean
}

/** Milliseconds to wait before the first restart, twice as long each time, and at most. */
const FIRST_DELAY = 100
const LONGEST_DELAY = 30_000

/** Milliseconds after which a life is long enough for the next restart to be a first one. */
const LONG_LIFE = 60_000

/** Calls that one plugin may leave unanswered; more would fill the host's memory. */
const MOST_CALLS = 10_000

/** Keeps an isolated plugin alive: what ends it fails its own calls, and it is started anew. */
export class PluginKeeper {
  #life: PluginLife | undefined
  #shape = ''
  #down = 'it has not started'
  #delay = FIRST_DELAY
  #crashes = 0
  #isGivenUp = false
  #restart: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(private readonly parts: KeeperParts) {}

  /** Starts the plugin for the first time. @throws what is wrong with it; then nothing of it runs. */
  async start(): Promise<PluginShape> {
    const { life, shape } = await this.#bringUp()
    this.#keep(life)
    this.#shape = JSON.stringify(shape)
    return shape
  }

  /** Whether it can be called now. */
  get isUp(): boolean {
    return this.#life !== undefined
  }

  /**
   * Calls a handler of the plugin; changes it makes to requests are made to those in the payload.
   *
   * @throws `plugin.worker.unavailable` (503) while it is down, and when it goes down before it answers.
   * @throws `plugin.worker.cannot_cross` when payload or answer cannot be cloned.
   */
  async run(handler: number, subject: string, payload: readonly unknown[]): Promise<unknown> {
    const { plugin } = this.parts
    const life = this.#life
    if (!life) throw workerErrors.unavailable(plugin, this.#down)
    if (life.load >= MOST_CALLS) throw workerErrors.unavailable(plugin, `${MOST_CALLS} calls wait for it`)
    try {
      const answer = await life.run(handler, packPayload(payload))
      return answer && this.#read(life, answer, payload)()
    } catch (thrown) {
      throw CrossingError.is(thrown) ? workerErrors.cannot_cross(plugin, subject, thrown.message) : thrown
    }
  }

  #read(life: PluginLife, answer: PayloadAnswer, payload: readonly unknown[]): () => unknown {
    try {
      return readAnswer(answer, payload)
    } catch (fault) {
      const reason = `it answered what makes no sense: ${(fault as Error).message}`
      life.kill(reason)
      throw workerErrors.unavailable(this.parts.plugin, reason)
    }
  }

  /** Ends the life it leads, as a crash would. Does nothing while it is down. */
  kill(): void {
    this.#life?.kill('it was killed')
  }

  /** Stops the plugin for good. @throws what its shutdown methods throw */
  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#restart)
    this.#down = 'it was stopped'
    const life = this.#life
    this.#life = undefined
    await life?.close()
  }

  async #bringUp(): Promise<{ life: PluginLife; shape: PluginShape }> {
    const life = this.parts.begin()
    return { life, shape: await life.start() }
  }

  #keep(life: PluginLife): void {
    const born = performance.now()
    this.#life = life
    void life.ended.then((reason) => {
      if (this.#isClosed) return
      if (performance.now() - born > LONG_LIFE) this.#forget()
      this.#life = undefined
      this.#wait(reason)
    })
  }

  /** Starts a plugin that was given up. */
  resume(): void {
    if (!this.#isGivenUp || this.#isClosed) return
    this.#isGivenUp = false
    this.#forget()
    void this.#startAnew()
  }

  #forget(): void {
    this.#delay = FIRST_DELAY
    this.#crashes = 0
  }

  #wait(reason: string): void {
    const { plugin, logger, crashed } = this.parts
    this.#down = reason
    this.#isGivenUp = crashed?.(++this.#crashes, reason) ?? false
    if (this.#isGivenUp) return
    logger.error(`Plugin "${plugin}" is down: ${reason}. It is started anew in ${this.#delay} ms.`)
    this.#restart = setTimeout(() => void this.#startAnew(), this.#delay)
    this.#delay = Math.min(this.#delay * 2, LONGEST_DELAY)
  }

  async #startAnew(): Promise<void> {
    try {
      const { life, shape } = await this.#bringUp()
      if (this.#isClosed) return await life.close()
      if (JSON.stringify(shape) !== this.#shape) {
        await life.close()
        return this.#wait('its code on disk is another than the host started with; restart the host')
      }
      this.#keep(life)
      this.parts.logger.warn(`Plugin "${this.parts.plugin}" runs again.`)
    } catch (thrown) {
      if (!this.#isClosed) this.#wait(thrown instanceof Error ? thrown.message : String(thrown))
    }
  }
}
