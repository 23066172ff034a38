import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { ApiError } from '@mortise/sdk'
import { digestFolder } from './digest-folder.js'
import { installerErrors } from './installer.errors.js'
import type { LockFile } from './lock-file.js'

/** What {@link verifyInstalled} compares. */
export interface Installed {
  readonly lockFile: LockFile
  /** The folder that installed plugins lie in, by the names of the lock file. */
  readonly available: string
  /** Folders that are about to be loaded, or links to them. */
  readonly folders: readonly string[]
}

/**
 * Compares folders that are about to be loaded with what the lock file says
 * was installed there. Nothing of them is imported. Plugins that it does not
 * name, a project's own, are nobody's business here.
 *
 * @returns a fault for each one that has changed, with what to do about it.
 * @throws `plugin.integrity.unreadable_lock`
 */
export async function verifyInstalled({ lockFile, available, folders }: Installed): Promise<ApiError[]> {
  const locked = Object.entries(await lockFile.read())
  if (locked.length === 0) return []
  const loading = new Set(await Promise.all(folders.map(real)))
  const faults: ApiError[] = []
  for (const [name, { version, content }] of locked) {
    const folder = await real(join(available, name))
    if (folder === undefined || !loading.has(folder)) continue
    if ((await digestFolder(folder)).content !== content) faults.push(changed(name, version, folder))
  }
  return faults
}

const real = (path: string): Promise<string | undefined> => realpath(path).catch(() => undefined)

const changed = (name: string, version: string, place: string): ApiError => installerErrors.changed(name, version).with({
  place,
  hint: `Run "mortise plugins update ${name}" to install it anew; "mortise plugins lock ${name}" if the change is yours and is to stay; `
    + 'or set plugins.common.integrity to "warn" to start all the same.',
})
