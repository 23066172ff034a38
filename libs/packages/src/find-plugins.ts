import type { Dirent } from 'node:fs'
import { existsSync } from 'node:fs'
import { readdir, readlink, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { createError, createErrorFrom, type ApiError } from '@mortise/sdk'
import type { PluginCandidate } from './plugin-candidate.js'
import { readPackage } from './read-package.js'

/** Where plugins are looked for. */
export interface PluginPlaces {
  /** The host's folder: relative paths and package names start here. */
  readonly root: string
  /** Each directory or link in it is a plugin; none is read when absent. */
  readonly directory?: string
  /** Names of installed packages that are plugins. */
  readonly include?: readonly string[]
}

/** What was found, in load order, and what is wrong with the rest. */
export interface FoundPlugins {
  readonly packages: readonly PluginCandidate[]
  readonly directories: readonly PluginCandidate[]
  readonly faults: readonly ApiError[]
}

/**
 * Finds and imports every enabled plugin: the packages as listed, then the
 * directories by name. What cannot be imported becomes a fault and keeps
 * nothing else from being found. Hidden files such as `.gitkeep` are no plugins.
 */
export async function findPlugins({ root, directory, include = [] }: PluginPlaces): Promise<FoundPlugins> {
  const faults: ApiError[] = []
  const attempt = async (names: readonly string[], read: (name: string) => Promise<PluginCandidate>): Promise<PluginCandidate[]> => {
    const found: PluginCandidate[] = []
    // One after another: what a plugin's modules do on import must not depend on chance.
    for (const name of names) await read(name).then((candidate) => found.push(candidate), (fault: ApiError) => faults.push(fault))
    return found
  }
  const packages = await attempt(include, (name) => readInstalled(name, root))
  if (directory === undefined) return { packages, directories: [], faults }
  const folder = resolve(root, directory)
  const entries = await listFolder(folder, directory).catch((fault: ApiError) => (faults.push(fault), []))
  const directories = await attempt(entries, (name) => readEntry(folder, name, `${directory}/${name}`))
  return { packages, directories, faults }
}

async function listFolder(folder: string, directory: string): Promise<string[]> {
  const isPlugin = (entry: Dirent): boolean => !(entry.isFile() && entry.name.startsWith('.'))
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw createErrorFrom(error, 'plugin.assert.invalid_plugins_dir', directory, error.code === 'ENOENT' ? 'there is no such folder' : error.message)
      .with({ place: 'plugins.directory', hint: `Make the folder "${folder}", or set plugins.directory to another.` })
  })
  return entries.filter(isPlugin).map(({ name }) => name).sort()
}

async function readEntry(folder: string, name: string, place: string): Promise<PluginCandidate> {
  const path = join(folder, name)
  const refuse = (fault: string, hint: string): ApiError => createError('plugin.assert.cannot_load', name, fault).with({ place, hint })
  const found = await stat(path).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw refuse(error.message, 'Let the host read it.')
    throw refuse(`the link leads to "${await readlink(path)}", which does not exist.`, `Put it back, or run mortise plugins disable ${name}.`)
  })
  if (!found.isDirectory()) throw refuse('it is a file, and a plugin is a folder.', 'Move it out of the folder of plugins.')
  return readPackage(path, place)
}

/** From the host's folder upwards, as Node looks for packages. */
async function readInstalled(name: string, root: string): Promise<PluginCandidate> {
  for (let folder = resolve(root); ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', name)
    if (existsSync(path)) return readPackage(path, name)
    if (folder === dirname(folder)) break
  }
  throw createError('plugin.assert.cannot_load', name, 'no such package is installed.')
    .with({ place: `plugins.common.include → ${name}`, hint: `Run npm install ${name}, or take it off the list.` })
}
