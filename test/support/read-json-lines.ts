import { existsSync, readFileSync } from 'node:fs'

/** The values of a file with one in each line, which somebody may be writing to: what is no whole line yet comes with the next look. */
export function readJsonLines<T>(file: string): T[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line) as T)
}
