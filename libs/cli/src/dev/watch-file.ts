import { existsSync, unwatchFile, watch, watchFile as poll } from 'node:fs'
import { basename, dirname } from 'node:path'

/** Milliseconds of quiet after which a change is told: editors write a file in several steps. */
const QUIET = 40

/** Milliseconds between looks at a file whose folder is not there yet, so that nothing can be watched. */
const INTERVAL = 500

/**
 * Tells that a file has been written, comes into being or goes away. Its folder
 * is watched, since an editor may put another file in the old one's place.
 *
 * @returns what ends the watch.
 */
export function watchFile(path: string, onChange: () => void): () => void {
  if (!existsSync(dirname(path))) {
    poll(path, { interval: INTERVAL }, onChange)
    return () => unwatchFile(path, onChange)
  }
  let timer: NodeJS.Timeout | undefined
  const watcher = watch(dirname(path), (_event, name) => {
    if (name !== basename(path)) return
    clearTimeout(timer)
    timer = setTimeout(onChange, QUIET)
  })
  // A folder that is taken away is watched no more.
  watcher.on('error', () => watcher.close())
  return () => {
    clearTimeout(timer)
    watcher.close()
  }
}
