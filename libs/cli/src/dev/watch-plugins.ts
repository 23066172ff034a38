import { watch, type FSWatcher } from 'node:fs'
import { sep } from 'node:path'

/** Folders of a package whose change is none: what is compiled, what is installed, what is tested. */
const LEFT_OUT = ['dist', 'node_modules', 'test', 'data']

/** Milliseconds of quiet after which changes are told: editors write a file in several steps. */
const QUIET = 40

/**
 * Tells which plugins have changed: names of folders in that of the available
 * plugins, several at once when they change together.
 *
 * @returns what ends the watch.
 */
export function watchPlugins(available: string, onChange: (names: ReadonlySet<string>) => void): () => void {
  const changed = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  const tell = (): void => {
    const names = new Set(changed)
    changed.clear()
    onChange(names)
  }
  const watcher: FSWatcher = watch(available, { recursive: true }, (_event, path) => {
    const [name, ...inside] = (path ?? '').split(sep)
    if (!name || inside.length === 0 || LEFT_OUT.includes(inside[0] as string) || name.startsWith('.')) return
    changed.add(name)
    clearTimeout(timer)
    timer = setTimeout(tell, QUIET)
  })
  return () => {
    clearTimeout(timer)
    watcher.close()
  }
}
