import { readdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { LockFile, verifyInstalled } from '@app/installer'
import { BootError } from '@app/loader'
import type { MortiseConfig } from './config-schema.js'
import type { HostLogger } from './logger.js'

/** Where plugins lie that were installed, and the file that says what they consisted of. */
export const availableFolder = (root: string): string => resolve(root, 'plugins/available')
export const openLockFile = (root: string): LockFile => new LockFile(join(dirname(availableFolder(root)), 'plugins.lock.json'))

/** Whose plugins are compared, and how strictly. */
interface Project {
  readonly root: string
  readonly config: MortiseConfig
  readonly logger: HostLogger
}

/**
 * Compares the plugins that are about to be loaded with what was installed,
 * before anything of them is imported, as `plugins.common.integrity` wants it.
 *
 * @param folders - Folders to be loaded beside the enabled ones.
 * @throws BootError with each plugin that has changed.
 */
export async function refuseChanged({ root, config, logger }: Project, folders: readonly string[] = []): Promise<void> {
  const { common: { integrity }, directory = 'plugins/enabled' } = config.plugins
  if (integrity === 'ignore') return
  const enabled = resolve(root, directory)
  const links = await readdir(enabled).catch(() => [])
  const faults = await verifyInstalled({ lockFile: openLockFile(root), available: availableFolder(root), folders: [...links.map((name) => join(enabled, name)), ...folders] })
  if (faults.length === 0) return
  if (integrity === 'refuse') throw new BootError(faults)
  for (const { message, hint } of faults) logger.warn(`${message} ${hint}`)
}
