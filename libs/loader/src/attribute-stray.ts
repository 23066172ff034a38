import { sep } from 'node:path'
import { pathToFileURL } from 'node:url'

/** A plugin and the real folder that its code lies in. */
export interface PluginFolder {
  readonly name: string
  readonly folder: string
}

/**
 * Says whose an error is that nobody caught, by the topmost line of its stack
 * that lies in a plugin's folder; `undefined` when none does.
 */
export function attributeStray(error: unknown, plugins: readonly PluginFolder[]): string | undefined {
  for (const line of stackLines(error)) {
    const owner = plugins.find(({ folder }) => isIn(line, folder))
    if (owner) return owner.name
  }
  return undefined
}

/** The topmost `file:line:column` of an error's stack that lies in a folder. */
export function frameIn(error: unknown, folder: string): string | undefined {
  const line = stackLines(error).find((candidate) => isIn(candidate, folder))
  return line && /([^\s(]+:\d+:\d+)\)?$/.exec(line)?.[1]?.replace('file://', '')
}

const stackLines = (error: unknown): string[] =>
  error instanceof Error || isStacked(error) ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : []

/** Errors of another realm are no instances of this one's class. */
const isStacked = (error: unknown): error is { stack?: string } => typeof (error as { stack?: unknown } | null)?.stack === 'string'

const isIn = (line: string, folder: string): boolean => line.includes(folder + sep) || line.includes(`${pathToFileURL(folder).href}/`)
