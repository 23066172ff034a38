import { spawn } from 'node:child_process'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createError } from '@mortise/sdk'
import type { PluginSource } from './plugin-source.js'

/** A package with its dependencies, as npm has laid it down. */
export interface FetchedPackage {
  /** Its folder, with all dependencies in a `node_modules` of its own. */
  readonly folder: string
  readonly name: string
  readonly version: string
  /** Of its tarball; absent for folders. */
  readonly integrity?: string
  /** Packages, itself included, whose install scripts were not run. */
  readonly withScripts: readonly string[]
}

interface NpmLock {
  readonly packages: Readonly<Record<string, { version?: string; integrity?: string; hasInstallScript?: boolean }>>
}

/** Nothing of the package is run, and it brings its dependencies along; what it wants of its host is there already. */
const MANNERS = [
  '--ignore-scripts', '--install-strategy=shallow', '--install-links', '--legacy-peer-deps', '--omit=dev',
  '--no-workspaces', '--no-audit', '--no-fund', '--no-save-exact', '--package-lock=true', '--save', '--loglevel=error',
]

/**
 * Installs a package into a folder that holds nothing else, by npm in a
 * process of its own.
 *
 * @param staging - An empty folder; whoever made it removes it.
 * @param npmrc - A project's `.npmrc`, which may name another registry; need not exist.
 * @throws `plugin.assert.cannot_load` with what npm says.
 */
export async function fetchPackage({ spec, from }: PluginSource, staging: string, npmrc: string): Promise<FetchedPackage> {
  await writeFile(join(staging, 'package.json'), '{ "private": true }\n')
  await copyFile(npmrc, join(staging, '.npmrc')).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  await runNpm(['install', spec, '--prefix', staging, ...MANNERS], staging, from)
  const { dependencies = {} } = JSON.parse(await readFile(join(staging, 'package.json'), 'utf8')) as { dependencies?: Record<string, string> }
  const { packages } = JSON.parse(await readFile(join(staging, 'package-lock.json'), 'utf8')) as NpmLock
  const name = Object.keys(dependencies)[0] as string
  const { version = '', integrity } = packages[`node_modules/${name}`] ?? {}
  const withScripts = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path.split('node_modules/').pop() as string)
  return { folder: join(staging, 'node_modules', name), name, version, integrity, withScripts }
}

function runNpm(args: readonly string[], cwd: string, from: string): Promise<void> {
  return new Promise((resolve, reject) => {
    // On Windows npm is a script of the shell, and an argument with a blank or a sign of its language is never made of a name.
    const npm = spawn('npm', args, { cwd, stdio: ['ignore', 'ignore', 'pipe'], shell: process.platform === 'win32' })
    let said = ''
    npm.stderr.on('data', (chunk: Buffer) => { said += chunk.toString() })
    npm.on('error', (error) => reject(refusal(from, `npm cannot be run: ${error.message}.`, 'Install npm, which comes with Node.')))
    npm.on('close', (code) => (code === 0 ? resolve() : reject(refusal(from, `npm says: ${essenceOf(said)}`, hintFor(said)))))
  })
}

const refusal = (from: string, fault: string, hint: string): Error => createError('plugin.assert.cannot_load', from, fault).with({ hint })

/** The line that tells what is wrong, without npm's lead and its advice; everything when there is none such. */
function essenceOf(said: string): string {
  const lines = said.split('\n').map((line) => line.replace(/^npm (?:error|ERR!)\s?/, '').replace(/^(?:notarget|40\d|E\w+)\s+/, '').trim())
  return lines.find((line) => line.length > 5 && !/^code |complete log|debug-\d+\.log/.test(line)) ?? said.trim()
}

function hintFor(said: string): string {
  if (/E404/.test(said)) return 'Check the name: the registry has no such package.'
  if (/ETARGET/.test(said)) return 'Choose a version that exists.'
  return 'Mend what npm complains of, and try again.'
}
