import { join } from 'node:path'
import { digestFolder, fetchPackage, readSource, type FetchedPackage, type FolderDigest, type LockedPlugin, type LockFile } from '@app/installer'
import type { PluginFolders } from '../plugin-folders.js'
import { checkElsewhere, type OwnCommand } from './check-elsewhere.js'
import type { PluginReport } from './plugin-report.js'
import { linkOthers } from './staging.js'

/** What installing works with. Paths are absolute. */
export interface PackageParts extends PluginFolders {
  /** The project's folder: paths that a person writes start here. */
  readonly root: string
  readonly lockFile: LockFile
  readonly command: OwnCommand
  /** Says what is being done, for a person who waits; may do nothing. */
  readonly progress: (text: string) => void
}

/** A package that lies ready, checked, and not yet where plugins are. */
export interface StagedPackage {
  /** The name of the folder that it gets: that of the package, without its scope. */
  readonly name: string
  readonly fetched: FetchedPackage
  readonly report: PluginReport
  readonly digest: FolderDigest
  /** What the lock file is to say of it. */
  readonly locked: LockedPlugin
}

/** Fetches a package and checks it in a process of its own, beside all that is enabled under other names. */
export async function stagePackage(parts: PackageParts, text: string, staging: string): Promise<StagedPackage> {
  const { root, enabled, command, progress } = parts
  const source = await readSource(text, root)
  progress(`fetching ${source.from} by npm`)
  const fetched = await fetchPackage(source, staging, join(root, '.npmrc'))
  const name = fetched.name.replace(/^@[^/]*\//, '')
  progress(`checking ${fetched.name} ${fetched.version} in a process of its own`)
  const report = await checkElsewhere(command, { folder: fetched.folder, beside: await linkOthers(enabled, staging, name), staging })
  const digest = await digestFolder(fetched.folder)
  const { version, integrity } = fetched
  return { name, fetched, report, digest, locked: { package: fetched.name, version, from: source.from, ...(integrity && { integrity }), content: digest.content } }
}
