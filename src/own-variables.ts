import { closeSync, openSync, readFileSync, readSync, writeSync } from 'node:fs'
import type { Logger } from '@mortise/sdk'

type Environment = Readonly<Record<string, string | undefined>>

/** The host's own variables hold its settings, addresses with passwords, and the secrets of every plugin. */
const isOwn = (name: string): boolean => name.startsWith('MORTISE_') || name === 'KUZZLE_VAULT_KEY'

/** An environment for threads and processes of plugins, without the host's own variables. */
export const withoutOwnVariables = (environment: Environment): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !isOwn(name)))

/**
 * Takes the host's own variables away from what runs in this process, once they
 * are read: from `process.env`, and on Linux from `/proc/self/environ`. Plugins
 * are given their own secrets, and should find no others.
 *
 * Where the system forbids the second, the log says so.
 *
 * @returns what was taken, for who has to read it again
 */
export function takeOwnVariables(environment: NodeJS.ProcessEnv, logger: Pick<Logger, 'warn'>): Environment {
  const taken = Object.fromEntries(Object.entries(environment).filter(([name]) => isOwn(name)))
  const names = Object.keys(taken)
  for (const name of names) delete environment[name]
  try {
    if (names.length > 0 && process.platform === 'linux') blankAtStart(new Set(names))
  } catch (error) {
    logger.warn(`Plugins in this process can read what it was started with in "/proc/self/environ": ${(error as Error).message}. Keep secrets in a file instead: mortise secrets edit.`)
  }
  return taken
}

/** Numbers of `env_start` and `env_end` among the fields after the process's name, from proc(5). */
const ENVIRONMENT_START = 47

/**
 * Overwrites variables where the kernel put them when the process began, which
 * is where `/proc/<pid>/environ` is read from. They are out of `process.env`
 * already, so that nothing points there any more.
 */
function blankAtStart(names: ReadonlySet<string>): void {
  const facts = readFileSync('/proc/self/stat', 'latin1')
  const [start = 0, end = 0] = facts.slice(facts.lastIndexOf(')') + 2).split(' ').slice(ENVIRONMENT_START).map(Number)
  const memory = openSync('/proc/self/mem', 'r+')
  try {
    const area = Buffer.alloc(end - start)
    readSync(memory, area, 0, area.length, start)
    let offset = 0
    for (const entry of area.toString('latin1').split('\0')) {
      if (names.has(entry.slice(0, entry.indexOf('=')))) writeSync(memory, Buffer.alloc(entry.length), 0, entry.length, start + offset)
      offset += entry.length + 1
    }
  } finally {
    closeSync(memory)
  }
}
