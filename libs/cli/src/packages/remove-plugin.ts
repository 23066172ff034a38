import { rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { digestFolder } from '@app/installer'
import { namesIn, stateOf } from '@app/packages'
import { packageOf } from '../plugin-folders.js'
import { Refusal, unknownName } from '../refusal.js'
import type { PackageParts } from './stage-package.js'
import { withStaging } from './staging.js'

type Parts = Pick<PackageParts, 'available' | 'enabled' | 'lockFile'>

/**
 * Takes an installed plugin out: its link, its folder and its line in the
 * lock file. What it has stored stays.
 *
 * @throws {@link Refusal} for a plugin that was not installed: a person's own work is not deleted.
 */
export async function removePlugin({ available, enabled, lockFile }: Parts, name: string): Promise<string> {
  await requireLocked({ available, lockFile }, name)
  if (['link', 'dangling'].includes(await stateOf(join(enabled, name)))) await unlink(join(enabled, name))
  await withStaging(available, async (staging) => {
    // Out of sight in one step, whatever deleting it takes.
    await rename(join(available, name), join(staging, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
  })
  await lockFile.delete(name)
  return `"${name}" is removed. What it has stored stays: "mortise plugins purge ${name}" tells what there is.`
}

/**
 * Takes what lies in an installed plugin's folder for what it is to be from now on.
 *
 * @throws {@link Refusal} for a plugin that was not installed.
 */
export async function lockPlugin({ available, lockFile }: Pick<Parts, 'available' | 'lockFile'>, name: string): Promise<string> {
  const locked = await requireLocked({ available, lockFile }, name)
  const folder = join(available, name)
  const { content } = await digestFolder(folder)
  if (content === locked.content) return `"${name}" is as it was installed.`
  const { version } = await packageOf(folder)
  await lockFile.set(name, { ...locked, version, content })
  return `"${name}" is locked as it is now.`
}

async function requireLocked({ available, lockFile }: Pick<Parts, 'available' | 'lockFile'>, name: string) {
  const locked = await lockFile.read()
  const found = Object.hasOwn(locked, name) ? locked[name] : undefined
  if (found) return found
  if ((await namesIn(available)).includes(name)) {
    throw new Refusal(`"${name}" was not installed by "mortise plugins add", so it is left alone. It lies in ${join(available, name)}.`)
  }
  throw unknownName(name, Object.keys(locked), 'the lock file')
}
