import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Option, type Command } from 'commander'
import { Refusal } from '../refusal.js'
import { addPlugin } from './add-plugin.js'
import { checkPlugin, type CheckParts } from './check-plugin.js'
import { isSound, renderReport } from './plugin-report.js'
import { lockPlugin, removePlugin } from './remove-plugin.js'
import type { PackageParts } from './stage-package.js'
import { updatePlugin } from './update-plugin.js'

/** What the commands work with. */
export type PackageCommandParts = PackageParts & CheckParts

const inJson = (value: object): string => JSON.stringify(value, null, 2)

/** Adds `add`, `update`, `remove`, `lock` and `check` to `mortise plugins`. */
export function addPackageCommands(plugins: Command, parts: PackageCommandParts): void {
  const { print } = parts
  plugins.command('add <source>')
    .description('install a plugin from npm, a folder or a tarball, once it has been checked')
    .option('--enable', 'link it, so that the next start loads it')
    .option('--json', 'print the report as JSON')
    .action(async (source: string, { enable = false, json }: { enable?: boolean; json?: boolean }) => {
      const { report, text } = await addPlugin(parts, source, { enable })
      print(json ? inJson(report) : text)
    })
  plugins.command('update <name> [source]')
    .description('install a plugin anew, from where it came or from another version, and show the difference')
    .option('--dry-run', 'only show the difference')
    .option('--json', 'print the difference as JSON')
    .action(async (name: string, source: string | undefined, { dryRun = false, json }: { dryRun?: boolean; json?: boolean }) => {
      const { difference, text } = await updatePlugin(parts, name, { text: source, dryRun })
      print(json ? inJson(difference) : text)
    })
  plugins.command('remove <name>')
    .description('take a plugin out that was added; what it has stored stays')
    .action(async (name: string) => print(await removePlugin(parts, name)))
  plugins.command('lock <name>')
    .description('take what lies in an added plugin\'s folder for what it is to be')
    .action(async (name: string) => print(await lockPlugin(parts, name)))
  addCheckCommand(plugins, parts)
}

function addCheckCommand(plugins: Command, parts: PackageCommandParts): void {
  plugins.command('check <folder>')
    .description('load a plugin on trial and tell what it is, brings, requires and touches; nothing is installed')
    .option('--json', 'print the report as JSON')
    .addOption(new Option('--beside <folder>', 'the plugins to load it with, instead of the enabled ones').hideHelp())
    .addOption(new Option('--output <file>', 'write the report as JSON into a file').hideHelp())
    .action(async (folder: string, { json, beside, output }: { json?: boolean; beside?: string; output?: string }) => {
      const path = resolve(parts.root, folder)
      if (!existsSync(path)) throw new Refusal(`There is no folder "${path}". "mortise plugins list" shows the plugins of this project.`)
      const report = await checkPlugin(parts, path, beside)
      if (output) return writeFile(output, inJson(report))
      parts.print(json ? inJson(report) : renderReport(report))
      if (!isSound(report)) throw new Refusal('A host could not start with it.')
    })
}
