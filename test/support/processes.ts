import { readFileSync } from 'node:fs'
import { until } from './until.js'

/** Whether a process is there; one that has ended and that nobody has asked about counts as gone. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** Resolves once none of these processes is there. */
export const gone = (pids: readonly number[]): Promise<unknown> => until(() => pids.filter(isAlive), (alive) => alive.length === 0, 20_000)
