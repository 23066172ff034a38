import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { namesIn } from '@app/packages'

/**
 * Gives a folder beside that of the available plugins, in the same file
 * system, so that what is ready can be moved over in one step. It goes when
 * the work ends, however that ends.
 */
export async function withStaging<T>(available: string, work: (staging: string) => Promise<T>): Promise<T> {
  const home = dirname(available)
  await mkdir(home, { recursive: true })
  const staging = await mkdtemp(join(home, '.adding-'))
  try {
    return await work(staging)
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

/** Links everything that is enabled into a folder of its own, but for one name: what another version is to get along with. */
export async function linkOthers(enabled: string, staging: string, name: string): Promise<string> {
  const folder = join(staging, 'beside')
  await mkdir(folder, { recursive: true })
  for (const other of await namesIn(enabled)) {
    if (other === name) continue
    // One that leads nowhere is linked as it is: the check tells of it.
    const target = await realpath(join(enabled, other)).catch(() => join(enabled, other))
    await symlink(target, join(folder, other), 'dir')
  }
  return folder
}
