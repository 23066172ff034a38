import type { Logger, ScheduledRun } from '@mortise/sdk'
import type { ScheduleDefinition } from '@app/registry'
import type { Schedules } from '@app/storage'
import { blame, type Callee, type Clock, type Supervisor } from '@app/supervision'
import { readTimetable, type Timetable } from './timetable.js'

/** What a job is run with. */
export interface JobParts {
  readonly schedules: Schedules
  readonly clock: Clock
  readonly logger: Logger
  readonly supervisor: Supervisor
  /** This host, among those on one store. */
  readonly owner: string
  /** Told of each run that this host has begun. */
  readonly onRun: (run: Promise<void>) => void
}

/** Milliseconds for which a run is this host's; prolonged while it goes on. */
export const LEASE = 30_000
/** Milliseconds after which a planned time counts as missed: nobody was there to run it, or a run went on. */
const PUNCTUAL = 10_000
/** Timers cannot wait longer than 24 days. */
const LONGEST_WAIT = 86_400_000
/** Milliseconds until the next look, when the store could not be reached or the plugin is not to be called. */
const RETRY = 5_000

/** One scheduled method: waits for its times, and runs when the store lets this host. */
export class Job {
  readonly #name: string
  readonly #callee: Callee
  readonly #timetable: Timetable
  readonly #call: (run: ScheduledRun) => unknown
  #cancel: () => void = () => undefined
  #isKnown = false
  #looking: Promise<void> | undefined
  #isStale = false
  #isStopped = false

  constructor(owner: Pick<Callee, 'plugin' | 'translate'>, private readonly definition: ScheduleDefinition, private readonly parts: JobParts) {
    this.#name = `${owner.plugin}/${definition.name}`
    this.#callee = { ...owner, listener: `scheduled method ${definition.name}` }
    this.#timetable = readTimetable(definition)
    const { name, handler, budget } = definition
    this.#call = parts.supervisor.guard({ ...this.#callee, name, handler, budget }, { kind: 'run', event: `scheduled:${name}`, timeout: 0 })
  }

  /** The look for what is due that is under way. */
  get looking(): Promise<void> | undefined {
    return this.#looking
  }

  start(): void {
    this.#look()
  }

  /** Starts no more runs. Resolves once it is certain that none is about to begin; those that go on are not waited for. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#cancel()
    await this.#looking
  }

  #look(): void {
    this.#isStale = this.#looking !== undefined
    if (this.#isStale || this.#isStopped) return
    this.#looking = this.#runAndWait().finally(() => {
      this.#looking = undefined
      if (this.#isStale) this.#look()
    })
  }

  /** Runs what is due, and waits for the next time. */
  async #runAndWait(): Promise<void> {
    this.#cancel()
    const { clock, logger } = this.parts
    let wait = RETRY
    try {
      if (this.#isRefused) return
      await this.#runDue()
      const now = clock.now()
      wait = Math.min(LONGEST_WAIT, (this.#timetable.after(now) ?? Infinity) - now)
    } catch (error) {
      logger.error(error)
    } finally {
      if (!this.#isStopped) this.#cancel = clock.after(wait, () => this.#look())
    }
  }

  /** In quarantine or behind an open breaker, its times are left to other hosts, and are missed when there are none. */
  get #isRefused(): boolean {
    const { plugin, listener } = this.#callee
    return this.parts.supervisor.of(plugin).isRefusing(listener)
  }

  async #runDue(): Promise<void> {
    const { schedules, clock, owner } = this.parts
    const now = clock.now()
    if (!this.#isKnown) await schedules.add({ job: this.#name, plugin: this.#callee.plugin, now })
    this.#isKnown = true
    const plannedAt = this.#timetable.before(now)
    if (plannedAt === undefined) return
    const claim = { job: this.#name, plannedAt, owner, now, until: now + LEASE }
    const isLate = now - plannedAt > PUNCTUAL
    if (isLate && this.definition.missed !== 'once') return void await schedules.pass(claim)
    const n = await schedules.claim(claim)
    if (n !== undefined) this.parts.onRun(this.#run(n, { job: this.#name, plannedAt, isLate }))
  }

  /** A time that came while the run went on is looked at once it has ended. */
  async #run(n: number, run: ScheduledRun): Promise<void> {
    const { schedules, clock, logger, owner } = this.parts
    const error = await this.#failureOf(run)
    const end = { n, job: this.#name, owner, endedAt: clock.now(), ...(error && { error: error.message.replaceAll('\0', '') }) }
    await schedules.end(end).catch((fault: unknown) => logger.error(fault))
    if (error) logger.error(error)
    this.#look()
  }

  async #failureOf(run: ScheduledRun): Promise<Error | undefined> {
    try {
      await this.#call(run)
      return undefined
    } catch (thrown) {
      return blame(thrown, this.#callee)
    }
  }
}
