import { lstat, mkdir, rename } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { enablePlugin } from '../enable-plugin.js'
import { Refusal } from '../refusal.js'
import { isSound, renderReport, type PluginReport } from './plugin-report.js'
import { stagePackage, type PackageParts } from './stage-package.js'
import { withStaging } from './staging.js'

/** What came of adding: for `--json`, and for a person. */
export interface Added {
  readonly report: PluginReport
  readonly text: string
}

/**
 * Installs a package into the folder of available plugins once it has been
 * checked, and writes it into the lock file. With `enable` it is linked, too.
 *
 * @throws {@link Refusal} with the report when it cannot be loaded, and when its name is taken; then nothing has changed.
 */
export async function addPlugin(parts: PackageParts, text: string, { enable }: { enable: boolean }): Promise<Added> {
  const { available, lockFile } = parts
  return withStaging(available, async (staging) => {
    const { name, fetched, report, locked } = await stagePackage(parts, text, staging)
    const folder = join(available, name)
    if (await isThere(folder)) throw new Refusal(`"${name}" is in plugins/${basename(available)} already. Run "mortise plugins update ${name}" for another version, or take it away first.`)
    if (!isSound(report)) throw new Refusal(`${fetched.name} is not added: the host could not start with it.\n\n${renderReport(report)}`)
    await mkdir(available, { recursive: true })
    await rename(fetched.folder, folder)
    await lockFile.set(name, locked)
    const lines = [renderReport(report), ...noteScripts(fetched.withScripts), `"${name}" is in plugins/${basename(available)}.`]
    return { report, text: [...lines, await linkOrSayHow(parts, name, { enable, report })].join('\n') }
  })
}

async function linkOrSayHow(parts: PackageParts, name: string, { enable, report }: { enable: boolean; report: PluginReport }): Promise<string> {
  if (!enable) return `Run "mortise plugins enable ${name}" to have it loaded at the next start.`
  if (report.requires.configuration.length > 0) return 'It stays disabled until the configuration has what it requires.'
  return enablePlugin(parts, name)
}

const isThere = (path: string): Promise<boolean> => lstat(path).then(() => true, () => false)

/** Packages with scripts may lack what those would have built. */
export const noteScripts = (packages: readonly string[]): string[] =>
  packages.length === 0 ? [] : [`Install scripts were not run, of: ${packages.join(', ')}. Run "npm rebuild" in the plugin's folder and "mortise plugins lock" if it needs them.`]
