/** How a run went; `abandoned`: its host was gone before it ended. `missed`: it was not started. */
export type RunStatus = 'running' | 'succeeded' | 'failed' | 'abandoned' | 'missed'

/** One run of a job, as the history keeps it. Times in milliseconds since 1970. */
export interface ScheduleRun {
  job: string
  plannedAt: number
  startedAt: number
  endedAt: number | null
  status: RunStatus
  error: string | null
  /** The host that ran it. */
  owner: string
}

/** A job as the store knows it. */
export interface ScheduleJob {
  job: string
  plugin: string
  /** The latest time that was dealt with. */
  lastPlannedAt: number
  isRunning: boolean
}

/** A wish to run a job now, and until when nobody else may, unless it is prolonged. Times in milliseconds since 1970. */
export interface RunClaim {
  job: string
  plannedAt: number
  owner: string
  now: number
  until: number
}

/**
 * When jobs have run. Several hosts may work on one store: a planned time is claimed once, and not while an earlier run goes on.
 */
export interface Schedules {
  /** Makes a job known. What was planned before it is first known has not been missed. */
  add(job: { job: string; plugin: string; now: number }): Promise<void>
  /** Takes a planned time to be run; `undefined` when it, or a later one, has been dealt with, or when a run goes on. */
  claim(claim: RunClaim): Promise<number | undefined>
  /** Deals with a planned time by not running it, unless somebody has dealt with it, or a run goes on. */
  pass(claim: RunClaim): Promise<boolean>
  /** Says that the owner's runs go on. */
  prolong(owner: string, until: number): Promise<void>
  end(run: { n: number; job: string; owner: string; endedAt: number; error?: string }): Promise<void>
  list(now: number): Promise<ScheduleJob[]>
  /** The latest runs first. */
  listRuns(selection?: { job?: string; plugin?: string }, page?: { from?: number; size?: number }): Promise<{ total: number; runs: ScheduleRun[] }>
  /** Forgets everything about a plugin's jobs. */
  purge(plugin: string): Promise<number>
}
