/** Counts by protocol. */
export type Counts = Record<string, number>

/** What happened in one interval. `timestamp` is its end, in milliseconds since the epoch. */
export interface StatisticsFrame {
  completedRequests: Counts
  connections: Counts
  failedRequests: Counts
  ongoingRequests: Counts
  timestamp: number
}

const INTERVAL = 10_000
const FRAMES = 360

/**
 * Counts requests in frames of ten seconds and keeps the last hour. No timer
 * runs: a frame ends with the first request, or question, after its time.
 */
export class Statistics {
  #completed: Counts = {}
  #failed: Counts = {}
  readonly #ongoing: Counts = {}
  readonly #frames: StatisticsFrame[] = []
  #end: number

  /** @param connections - Open connections, asked when a frame ends. */
  constructor(private readonly connections: () => Readonly<Counts> = () => ({}), private readonly now: () => number = Date.now) {
    this.#end = now() + INTERVAL
  }

  /** A request of a client starts. */
  begin(protocol: string): void {
    this.#cut()
    this.#ongoing[protocol] = (this.#ongoing[protocol] ?? 0) + 1
  }

  /** A request that was begun has its answer. */
  end(protocol: string, isFailed: boolean): void {
    this.#cut()
    this.#ongoing[protocol] = (this.#ongoing[protocol] ?? 1) - 1
    const counts = isFailed ? this.#failed : this.#completed
    counts[protocol] = (counts[protocol] ?? 0) + 1
  }

  /** The frame under way. */
  get last(): StatisticsFrame {
    this.#cut()
    return this.#frame(this.now())
  }

  /** Frames that ended, and the one under way, within a span of time; both ends included. */
  between(start = 0, stop = Infinity): StatisticsFrame[] {
    return [...this.#frames, this.last].filter(({ timestamp }) => timestamp >= start && timestamp <= stop)
  }

  #cut(): void {
    const now = this.now()
    if (now < this.#end) return
    this.#frames.push(this.#frame(this.#end))
    if (this.#frames.length > FRAMES) this.#frames.shift()
    this.#completed = {}
    this.#failed = {}
    this.#end = now + INTERVAL
  }

  #frame(timestamp: number): StatisticsFrame {
    return {
      completedRequests: { ...this.#completed },
      connections: { ...this.connections() },
      failedRequests: { ...this.#failed },
      ongoingRequests: { ...this.#ongoing },
      timestamp,
    }
  }
}
