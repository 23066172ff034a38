import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { Refusal } from '../refusal.js'
import { compilerOptions } from './compiler-options.js'

/** A source of a plugin, and where its JavaScript goes. */
interface Target {
  readonly source: string
  readonly file: string
}

/**
 * Compiles what is newer in a package's `src` than in its `dist`, and takes
 * out of `dist` what has no source any more. Types are not looked at.
 *
 * @returns how many files were compiled; 0 for a package without TypeScript.
 * @throws {@link Refusal} with every file that cannot be read as TypeScript, and when `@swc/core` is not installed.
 */
export async function compilePlugin(folder: string): Promise<number> {
  const targets = await targetsOf(folder)
  if (targets.length === 0) return 0
  await removeLeftovers(join(folder, 'dist'), targets)
  const stale = await staleOf(targets)
  if (stale.length === 0) return 0
  const { transform } = await importCompiler()
  const faults: string[] = []
  await Promise.all(stale.map(({ source, file }) => compile(transform, source, file).catch((error: Error) => faults.push(`${relative(folder, source)}: ${error.message.trim()}`))))
  if (faults.length > 0) throw new Refusal(`"${basename(folder)}" cannot be compiled:\n${faults.sort().join('\n')}`)
  return stale.length
}

type Transform = typeof import('@swc/core').transform

async function compile(transform: Transform, source: string, file: string): Promise<void> {
  const text = await readFile(source, 'utf8')
  const { code, map = '' } = await transform(text, { ...compilerOptions, filename: source, sourceFileName: relative(dirname(file), source), sourceMaps: true, swcrc: false })
  await mkdir(dirname(file), { recursive: true })
  await writeFile(`${file}.map`, map)
  await writeFile(file, `${code}\n//# sourceMappingURL=${basename(file)}.map\n`)
}

/** A tool of who writes plugins: hosts that only run them need not have it. */
async function importCompiler(): Promise<typeof import('@swc/core')> {
  return import('@swc/core').catch(() => {
    throw new Refusal('TypeScript is compiled by the package "@swc/core", which is not installed. Run npm install --save-dev @swc/core.')
  })
}

async function targetsOf(folder: string): Promise<Target[]> {
  const base = join(folder, 'src')
  const entries = await readdir(base, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile() && /\.ts$/.test(entry.name) && !/\.(d|spec)\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((source) => ({ source, file: join(folder, 'dist', relative(base, source)).replace(/\.ts$/, '.js') }))
}

async function staleOf(targets: readonly Target[]): Promise<Target[]> {
  const ages = await Promise.all(targets.map(({ source, file }) => Promise.all([timeOf(source), timeOf(file)])))
  return targets.filter((_, index) => (ages[index]?.[1] ?? 0) < (ages[index]?.[0] ?? 0))
}

const timeOf = (path: string): Promise<number> => stat(path).then(({ mtimeMs }) => mtimeMs, () => 0)

async function removeLeftovers(out: string, targets: readonly Target[]): Promise<void> {
  const wanted = new Set(targets.flatMap(({ file }) => [file, `${file}.map`]))
  const entries = await readdir(out, { recursive: true, withFileTypes: true }).catch(() => [])
  const left = entries.filter((entry) => entry.isFile() && /\.js(\.map)?$/.test(entry.name)).map((entry) => join(entry.parentPath, entry.name))
  await Promise.all(left.filter((file) => !wanted.has(file)).map((file) => rm(file)))
}
