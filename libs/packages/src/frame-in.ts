import { sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/**
 * The topmost `file:line:column` of an error's stack that lies in a folder.
 * A module that cannot be parsed has `file:line` alone, before its stack.
 */
export function frameIn(error: unknown, folder: string): string | undefined {
  const [head = '', ...rest] = stackOf(error).split('\n')
  if (/:\d+$/.test(head) && isIn(head, folder)) return withoutScheme(head)
  const line = rest.find((candidate) => /^\s+at /.test(candidate) && isIn(candidate, folder))
  const frame = line && /(file:\/\/[^\s(]+:\d+:\d+)\)?$|([^\s(]+:\d+:\d+)\)?$/.exec(line)
  return frame ? withoutScheme(frame[1] ?? frame[2] ?? '') : undefined
}

/** The lines of an error's stack that name code, the topmost first. */
export const stackLines = (error: unknown): string[] => stackOf(error).split('\n').filter((line) => /^\s+at /.test(line))

/** Whether a line of a stack names a file in the folder. */
export const isIn = (line: string, folder: string): boolean => line.includes(folder + sep) || line.includes(`${pathToFileURL(folder).href}/`)

/** Errors of another realm are no instances of this one's class. */
function stackOf(error: unknown): string {
  const { stack } = (error ?? {}) as { stack?: unknown }
  return typeof stack === 'string' ? stack : ''
}

/** A URL's path is encoded, and a copy that was imported anew has a query. */
function withoutScheme(frame: string): string {
  const [, file = frame, position = ''] = /^(.*?)((?::\d+)+)$/.exec(frame) ?? []
  return (file.startsWith('file://') ? fileURLToPath(file) : file) + position
}
