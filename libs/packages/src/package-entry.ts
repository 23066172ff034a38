import { stat } from 'node:fs/promises'
import { join } from 'node:path'

type Fields = Readonly<Record<string, unknown>>

/** What is tried for a path that names no file, as Node does for `main`. */
const ENDINGS = ['', '.js', '.mjs', '.cjs', '/index.js', '/index.mjs', '/index.cjs']

/** Which conditions of `exports` a host fulfils, best first. */
const CONDITIONS = ['import', 'node', 'module-sync', 'default', 'require']

/** A package's entry: the file to import, or what the package says it should be. */
export interface PackageEntry {
  readonly file?: string
  /** `exports` or `main` as it stands there; absent when the package names none. */
  readonly declared?: string
}

/** Finds the file that a package is entered by: `exports`, else `main`, else `index.js`, `.mjs` or `.cjs`. */
export async function resolveEntry(folder: string, packageJson: Fields): Promise<PackageEntry> {
  const declared = targetOf(packageJson.exports) ?? (typeof packageJson.main === 'string' ? packageJson.main : undefined)
  const file = await firstFile(folder, declared ?? '')
  return { file, declared }
}

/** The target of `exports` for the package itself; its other entries are nobody's business here. */
function targetOf(exports: unknown): string | undefined {
  if (typeof exports === 'string') return exports
  if (Array.isArray(exports)) return exports.map(targetOf).find(Boolean)
  if (typeof exports !== 'object' || exports === null) return undefined
  const targets = exports as Fields
  if ('.' in targets) return targetOf(targets['.'])
  return CONDITIONS.map((condition) => targetOf(targets[condition])).find(Boolean)
}

async function firstFile(folder: string, path: string): Promise<string | undefined> {
  for (const ending of ENDINGS) {
    const file = join(folder, path + ending)
    const found = await stat(file).catch(() => undefined)
    if (found?.isFile()) return file
  }
  return undefined
}
