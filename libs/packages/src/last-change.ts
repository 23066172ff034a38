import { readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { resolveEntry } from './package-entry.js'
import { readJson } from './read-json.js'

/** What is no code of the package, or not its own. */
const isForeign = (name: string): boolean => name === 'node_modules' || name.startsWith('.')

/**
 * When what a package is loaded from was changed last: its manifests, and all
 * that lies in the folder of its entry. Milliseconds since the epoch; 0 when there is nothing.
 *
 * @throws `plugin.manifest.cannot_load`
 */
export async function lastChange(folder: string): Promise<number> {
  const packageJson = await readJson(join(folder, 'package.json'), folder) as Record<string, unknown> | undefined
  const { file, declared = 'index.js' } = await resolveEntry(folder, packageJson ?? {})
  const manifests = ['package.json', 'manifest.json'].map((name) => changeOf(join(folder, name)))
  return Math.max(...await Promise.all(manifests), await lastChangeIn(dirname(file ?? join(folder, declared))))
}

/** Files that go or are renamed change their folder. */
async function lastChangeIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const changes = entries.filter(({ name }) => !isForeign(name)).map((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? lastChangeIn(path) : changeOf(path)
  })
  return Math.max(await changeOf(folder), ...await Promise.all(changes))
}

/** A file may be put in place with an old time of its own, but not without its entry being changed. */
const changeOf = (path: string): Promise<number> => stat(path).then(({ mtimeMs, ctimeMs }) => Math.max(mtimeMs, ctimeMs), () => 0)
