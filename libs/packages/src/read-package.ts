import { realpath, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createError, createErrorFrom, type ApiError } from '@mortise/sdk'
import type { PluginCandidate } from './plugin-candidate.js'
import { frameIn } from './frame-in.js'
import { hintForImport } from './hint-for-import.js'
import { importFresh } from './import-fresh.js'
import { resolveEntry } from './package-entry.js'
import { readJson } from './read-json.js'

/**
 * Imports the package in a folder. Nothing of it is checked or started.
 *
 * @param path - The folder, or a link to it.
 * @param place - What reports call it, such as `plugins/enabled/geo`.
 * @param isFresh - Whether a copy is imported beside one that was imported before; nothing frees that one.
 * @throws `plugin.manifest.cannot_load` for JSON that is none.
 * @throws `plugin.assert.cannot_load` when it has no entry or no default export.
 * @throws `plugin.runtime.unexpected_error` when its code throws while it is imported.
 */
export async function readPackage(path: string, place: string, { isFresh = false }: { isFresh?: boolean } = {}): Promise<PluginCandidate> {
  const folder = await realpath(path)
  const packageJson = await readJson(join(folder, 'package.json'), place)
  const manifest = await readJson(join(folder, 'manifest.json'), place)
  const fields = isFields(packageJson) ? packageJson : {}
  const file = await entryOf(folder, fields, place)
  const exported = await importDefault(() => (isFresh ? importFresh(file, folder) : import(pathToFileURL(file).href)), { place, folder, file })
  return { place, folder, packageJson: fields, manifest, exported }
}

async function entryOf(folder: string, packageJson: Record<string, unknown>, place: string): Promise<string> {
  const { file, declared } = await resolveEntry(folder, packageJson)
  if (file) return file
  const isSource = await stat(join(folder, 'src')).then((found) => found.isDirectory(), () => false)
  const fault = declared ? `its entry "${declared}" does not exist` : 'the folder has neither a package.json with "main" nor an index.js'
  throw unloadable(place, `${fault}.`, isSource ? 'Run npm run build.' : 'Name an existing file as "main" of its package.json.')
}

async function importDefault(importEntry: () => Promise<unknown>, { place, folder, file }: { place: string; folder: string; file: string }): Promise<unknown> {
  const module = await importEntry().catch((thrown: unknown) => {
    const said = thrown instanceof Error ? thrown.message : String(thrown)
    throw createErrorFrom(thrown, 'plugin.runtime.unexpected_error', `"${place}" threw while it was imported: ${said}`)
      .with({ place: `${place} → ${relative(folder, frameIn(thrown, folder) ?? file)}`, hint: hintForImport(thrown) })
  }) as Record<string, unknown>
  const exported = unwrap(module.default)
  if (exported === undefined) throw unloadable(place, 'it has no default export.', 'Write "export default" before the plugin\'s class.')
  return exported
}

/**
 * CommonJS that a compiler made of ES modules holds the default export one level deeper. Without one its exports are the
 * candidate: classic packages of the second generation give their class a name, and the reader finds it among them.
 */
function unwrap(exported: unknown): unknown {
  return isFields(exported) && exported.__esModule === true ? exported.default ?? exported : exported
}

const unloadable = (place: string, fault: string, hint: string): ApiError =>
  createError('plugin.assert.cannot_load', place, fault).with({ place, hint })

const isFields = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
