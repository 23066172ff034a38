import { lstat, mkdir, readdir, realpath, symlink } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'

/** Names in a folder that may be plugins, sorted; none when there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map(({ name }) => name).sort()
}

/** How an entry of the enabled folder stands. */
export type EntryState = 'absent' | 'link' | 'dangling' | 'folder'

export async function stateOf(path: string): Promise<EntryState> {
  const entry = await lstat(path).catch(() => undefined)
  if (!entry) return 'absent'
  if (!entry.isSymbolicLink()) return 'folder'
  return realpath(path).then(() => 'link', () => 'dangling')
}

/** Enables a plugin's folder: links it, by a relative path and under its own name, into the folder of enabled plugins. */
export async function linkPlugin(enabled: string, folder: string): Promise<void> {
  await mkdir(enabled, { recursive: true })
  await symlink(relative(enabled, folder), join(enabled, basename(folder)), 'dir')
}
