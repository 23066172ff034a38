import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '@mortise/sdk'
import { lastChange, namesIn } from '@app/packages'
import type { HotPlug } from './hot-plug.js'
import type { RunningPlugin } from './roster.js'

/** What is watched, and who is told. */
export interface WatchParts {
  readonly hotPlug: HotPlug
  /** The folder of enabled plugins. */
  readonly enabled: string
  readonly running: () => readonly RunningPlugin[]
  readonly logger: Logger
  /** Milliseconds between two looks. */
  readonly interval?: number
}

const INTERVAL = 300

/**
 * Follows the enabled folder: plugins whose files change are reloaded, those
 * whose entries come or go are loaded or taken out. Looks at intervals, and acts
 * when two looks in a row see the same, as whoever builds writes many files.
 */
export class Watch {
  /** What was acted on: when each entry was changed last. */
  #known: ReadonlyMap<string, number> = new Map()
  #seen: ReadonlyMap<string, number> = new Map()
  #timer: NodeJS.Timeout | undefined
  #isClosed = false
  #look: Promise<void> = Promise.resolve()

  constructor(private readonly parts: WatchParts) {}

  /** Takes what is there for what will run: to be called before plugins are loaded. */
  async open(): Promise<void> {
    this.#known = await this.#read()
    this.#seen = this.#known
  }

  /** Acts on what differs from then on. */
  follow(): void {
    this.#wait()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#look
  }

  #wait(): void {
    if (this.#isClosed) return
    this.#timer = setTimeout(() => {
      this.#look = this.#compare().catch((thrown: unknown) => this.parts.logger.error(thrown)).finally(() => this.#wait())
    }, this.parts.interval ?? INTERVAL)
    this.#timer.unref()
  }

  async #compare(): Promise<void> {
    const before = this.#seen
    const now = await this.#read()
    this.#seen = now
    const known = this.#known
    if (!isSame(before, now) || isSame(known, now)) return
    // What fails is tried again when it is changed again, not before.
    this.#known = now
    for (const name of known.keys()) if (!now.has(name)) await this.#act(`"${name}" is gone`, () => this.parts.hotPlug.drop(name))
    for (const [name, change] of now) if (known.get(name) !== change) await this.#bringIn(name, known.has(name))
  }

  #bringIn(name: string, isKnown: boolean): Promise<void> {
    const { hotPlug } = this.parts
    return isKnown && this.#runs(name)
      ? this.#act(`"${name}" is reloaded`, () => hotPlug.reload(name))
      : this.#act(`"${name}" is loaded`, () => hotPlug.take(name))
  }

  #runs(name: string): boolean {
    return this.parts.running().some(({ definition }) => definition.place.endsWith(`/${name}`))
  }

  async #act(done: string, change: () => Promise<unknown>): Promise<void> {
    try {
      await change()
      this.parts.logger.info(`Plugin ${done}.`)
    } catch (thrown) {
      this.parts.logger.error(thrown)
    }
  }

  async #read(): Promise<ReadonlyMap<string, number>> {
    const found = new Map<string, number>()
    for (const name of await namesIn(this.parts.enabled)) {
      const folder = await realpath(join(this.parts.enabled, name)).catch(() => undefined)
      if (folder !== undefined) found.set(name, await lastChange(folder).catch(() => 0))
    }
    return found
  }
}

const isSame = (one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): boolean =>
  one.size === other.size && [...one].every(([name, change]) => other.get(name) === change)
