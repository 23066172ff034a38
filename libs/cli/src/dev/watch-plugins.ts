import { readdirSync, watch, type FSWatcher } from 'node:fs'
import { join, relative, sep } from 'node:path'

/** Folders of a package whose change is none: what is compiled, what is installed, what is tested. */
const LEFT_OUT = ['dist', 'node_modules', 'test', 'data']

/** Milliseconds of quiet after which changes are told: editors write a file in several steps. */
const QUIET = 40

/**
 * Tells which plugins have changed: names of folders in that of the available
 * plugins, several at once when they change together.
 *
 * Folders are watched and never files: an editor may save by putting another
 * file in the old one's place, and who watches the old one hears no more.
 *
 * @returns what ends the watch.
 */
export function watchPlugins(available: string, onChange: (names: ReadonlySet<string>) => void): () => void {
  const watchers = new Map<string, FSWatcher>()
  const changed = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  const tell = (): void => {
    // What was written into a new folder before it was followed is told with it.
    followAll().forEach(add)
    const names = new Set(changed)
    changed.clear()
    if (names.size > 0) onChange(names)
  }
  const add = (path: string): void => {
    const [name = '', ...inside] = relative(available, path).split(sep)
    if (inside.length > 0 && !LEFT_OUT.includes(inside[0] as string)) changed.add(name)
  }
  const note = (path: string): void => {
    add(path)
    clearTimeout(timer)
    timer = setTimeout(tell, QUIET)
  }
  const follow = (folder: string): void => {
    const watcher = watch(folder, (_event, name) => note(join(folder, name ?? '')))
    // A folder that is taken away is watched no more.
    watcher.on('error', () => forget(folder))
    watchers.set(folder, watcher)
  }
  const forget = (folder: string): void => {
    watchers.get(folder)?.close()
    watchers.delete(folder)
  }
  const followAll = (): string[] => {
    const there = new Set(foldersIn(available))
    for (const folder of watchers.keys()) if (!there.has(folder)) forget(folder)
    const fresh = [...there].filter((folder) => !watchers.has(folder))
    fresh.forEach(follow)
    return fresh
  }
  followAll()
  return () => {
    clearTimeout(timer)
    for (const folder of [...watchers.keys()]) forget(folder)
  }
}

/** The folder of plugins, and every folder in it that code is written in. */
function foldersIn(available: string): string[] {
  const below = (folder: string): string[] => [folder, ...entriesOf(folder).filter((name) => !name.startsWith('.') && !(folder !== available && LEFT_OUT.includes(name))).flatMap((name) => below(join(folder, name)))]
  return below(available)
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name)
  } catch {
    // It may be taken away meanwhile.
    return []
  }
}
