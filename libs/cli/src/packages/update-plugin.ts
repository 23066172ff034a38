import { rename } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { digestFolder, type FolderDigest, type LockedPlugin } from '@app/installer'
import { namesIn } from '@app/packages'
import { Refusal, unknownName } from '../refusal.js'
import { noteScripts } from './add-plugin.js'
import { checkElsewhere } from './check-elsewhere.js'
import { isSound, renderReport, type PluginReport } from './plugin-report.js'
import { stagePackage, type PackageParts, type StagedPackage } from './stage-package.js'
import { linkOthers, withStaging } from './staging.js'

/** What an update changes, or would change. */
interface PluginDifference {
  readonly name: string
  readonly from: string
  readonly to: string
  /** Lines of what it brings: `+` for new ones, `-` for those that go. */
  readonly brings: readonly string[]
  /** How many of its files are new, gone and changed, dependencies included. */
  readonly files: { readonly added: number; readonly removed: number; readonly changed: number }
  readonly isSame: boolean
}

/** What came of an update: for `--json`, and for a person. */
export interface Updated {
  readonly difference: PluginDifference
  readonly text: string
}

/**
 * Installs a plugin anew, from where it came or from `text`, and shows the
 * difference. The old one is left in its place until the new one was checked.
 *
 * @param dryRun - Only tells the difference.
 * @throws {@link Refusal} for a plugin that was not installed, another package, and what cannot be loaded; then nothing has changed.
 */
export async function updatePlugin(parts: PackageParts, name: string, { text, dryRun }: { text?: string; dryRun: boolean }): Promise<Updated> {
  const { available, lockFile, enabled, command } = parts
  const locked = await lockFile.read()
  const old = Object.hasOwn(locked, name) ? locked[name] : undefined
  if (!old) throw await refusalFor(parts, name, Object.keys(locked))
  return withStaging(available, async (staging) => {
    const staged = await stagePackage(parts, text ?? latestOf(old), staging)
    if (staged.name !== name) throw new Refusal(`"${staged.fetched.name}" is another package than "${old.package}". Add it under its own name.`)
    if (!isSound(staged.report)) throw new Refusal(`"${name}" stays at ${old.version}: the host could not start with ${staged.fetched.version}.\n\n${renderReport(staged.report)}`)
    const folder = join(available, name)
    const before = await checkElsewhere(command, { folder, beside: await linkOthers(enabled, join(staging, 'old'), name), staging })
    const difference = compare(staged, { old, before, digest: await digestFolder(folder) })
    if (!dryRun && !difference.isSame) await replace(folder, staged, staging)
    if (!dryRun) await lockFile.set(name, { ...staged.locked, from: text ?? old.from })
    return { difference, text: render(difference, staged, { dryRun, from: text ?? old.from }) }
  })
}

async function refusalFor({ available }: PackageParts, name: string, known: readonly string[]): Promise<Refusal> {
  const isOwn = (await namesIn(available)).includes(name)
  return isOwn ? new Refusal(`"${name}" was not installed by "mortise plugins add": it lies in plugins/${basename(available)} and is changed there.`) : unknownName(name, known, 'the lock file')
}

/** The newest of a package that was asked for by its name alone; another wish is kept as it was. */
const latestOf = ({ from, package: name }: LockedPlugin): string => (from === name ? `${name}@latest` : from)

/** Two renames: a start in between finds no plugin, and says so. */
async function replace(folder: string, { fetched }: StagedPackage, staging: string): Promise<void> {
  await rename(folder, join(staging, 'replaced'))
  await rename(fetched.folder, folder).catch(async (error: unknown) => {
    await rename(join(staging, 'replaced'), folder)
    throw error
  })
}

function compare({ name, fetched, report, digest }: StagedPackage, was: { old: LockedPlugin; before: PluginReport; digest: FolderDigest }): PluginDifference {
  const [now, then] = [digest.files, was.digest.files]
  const added = [...now.keys()].filter((file) => !then.has(file)).length
  const removed = [...then.keys()].filter((file) => !now.has(file)).length
  const changed = [...now].filter(([file, hash]) => then.has(file) && then.get(file) !== hash).length
  const brings = [
    ...was.before.brings.filter((line) => !report.brings.includes(line)).map((line) => `- ${line}`),
    ...report.brings.filter((line) => !was.before.brings.includes(line)).map((line) => `+ ${line}`),
  ]
  return { name, from: was.old.version, to: fetched.version, brings, files: { added, removed, changed }, isSame: digest.content === was.digest.content }
}

function render({ name, from, to, brings, files, isSame }: PluginDifference, { fetched }: StagedPackage, wish: { dryRun: boolean; from: string }): string {
  const { dryRun } = wish
  if (isSame) return `"${name}" is ${to} already, and as it was installed from "${wish.from}".`
  const rest = dryRun ? `Nothing was changed. Run "mortise plugins update ${name}" to install it.` : `"${name}" is ${to} now. It takes effect with the next start.`
  return [
    `${name} ${from} → ${to}`,
    `  files   ${files.added} new, ${files.removed} gone, ${files.changed} changed`,
    ...(brings.length > 0 ? brings.map((line) => `  ${line}`) : ['  brings  what it brought before']),
    ...noteScripts(fetched.withScripts),
    rest,
  ].join('\n')
}
