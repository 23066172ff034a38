import type { Registry } from '@app/registry'
import { withPatience } from '../with-patience.js'
import { Job, LEASE, type JobParts } from './job.js'

/** What jobs are run with. */
export interface SchedulerParts extends Omit<JobParts, 'onRun'> {
  readonly registry: Registry
}

/** Runs the jobs of plugins that are registered, at their times, each time on one of the hosts that share a store. */
export class Scheduler {
  #jobs = new Map<object, Job>()
  readonly #runs = new Set<Promise<void>>()
  #undo: () => void = () => undefined
  #cancelLease: () => void = () => undefined

  constructor(private readonly parts: SchedulerParts) {}

  /** What is under way: jobs that look for what is due, and runs. */
  get work(): readonly Promise<unknown>[] {
    return [...[...this.#jobs.values()].flatMap(({ looking }) => looking ?? []), ...this.#runs]
  }

  /** Begins; from now on it follows plugins as they come and go. */
  start(): void {
    this.#undo = this.parts.registry.onChange(() => this.#follow())
    this.#follow()
    this.#keepLeases()
  }

  /** Starts no more runs, and waits for those that go on, for so many milliseconds at most. */
  async close(patience: number): Promise<void> {
    this.#undo()
    this.#cancelLease()
    const stopped = Promise.all([...this.#jobs.values()].map((job) => job.stop()))
    await withPatience(this.parts.clock, patience, stopped.then(() => Promise.all(this.#runs)))
  }

  /** Jobs of plugins that went are stopped, those that came are started, and the others go on as they are. */
  #follow(): void {
    const known = this.#jobs
    this.#jobs = new Map()
    for (const { name: plugin, translate, schedules = [] } of this.parts.registry.plugins) {
      for (const definition of schedules) {
        const job = known.get(definition) ?? new Job({ plugin, translate }, definition, { ...this.parts, onRun: (run) => this.#await(run) })
        this.#jobs.set(definition, job)
        if (!known.delete(definition)) job.start()
      }
    }
    for (const job of known.values()) void job.stop()
  }

  #await(run: Promise<void>): void {
    this.#runs.add(run)
    void run.finally(() => this.#runs.delete(run))
  }

  #keepLeases(): void {
    const { schedules, clock, logger, owner } = this.parts
    this.#cancelLease = clock.after(LEASE / 3, () => {
      if (this.#runs.size > 0) schedules.prolong(owner, clock.now() + LEASE).catch((error: unknown) => logger.error(error))
      this.#keepLeases()
    })
  }
}
