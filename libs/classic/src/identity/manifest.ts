import { createError, type ErrorDefinition } from '@mortise/sdk'
import { isRecord } from '../classic-plugin.js'
import { isRange, isServed } from './era.js'

/** `manifest.json` of a classic plugin, checked. Other keys are ignored. */
export interface Manifest {
  readonly name: string
  /** The versions of the classic host it is made for. */
  readonly kuzzleVersion?: string
  readonly privileged: boolean
  readonly errors: Readonly<Record<string, ErrorDefinition>>
}

const NAME = /^[\w-]+$/

/**
 * Checks a manifest.
 *
 * @param path - How errors call it.
 * @throws `plugin.manifest.cannot_load`, `.missing_name`, `.invalid_name_type`, `.invalid_name`, `.invalid_privileged`,
 * `.invalid_errors`, `.version_mismatch`
 */
export function readManifest(path: string, source: unknown): Manifest {
  if (!isRecord(source)) throw createError('plugin.manifest.cannot_load', path, 'it is no JSON object').with({ place: path })
  const name = readName(path, source.name)
  const { privileged = false, errors = {} } = source
  if (typeof privileged !== 'boolean') throw createError('plugin.manifest.invalid_privileged', path, typeof privileged).with({ place: path })
  if (!isRecord(errors)) throw createError('plugin.manifest.invalid_errors', name, '"errors" is no object').with({ place: path })
  return { name, kuzzleVersion: readRange(path, name, source.kuzzleVersion), privileged, errors: errors as unknown as Manifest['errors'] }
}

/** @throws `plugin.manifest.invalid_name` unless the name may stand in a URL and in an error's id */
export function checkName(path: string, name: string): string {
  if (NAME.test(name)) return name
  throw createError('plugin.manifest.invalid_name', path).with({ place: path, hint: `Rename "${name}", or give another "name" in a manifest.json.` })
}

function readName(path: string, name: unknown): string {
  if (name === undefined) throw createError('plugin.manifest.missing_name', path).with({ place: path })
  if (typeof name !== 'string' || name === '') throw createError('plugin.manifest.invalid_name_type', path).with({ place: path })
  return checkName(path, name)
}

/** @throws `plugin.manifest.version_mismatch` for a range that neither generation of the classic host falls into */
export function readRange(path: string, plugin: string, range: unknown): string | undefined {
  if (range === undefined) return undefined
  if (isRange(range) && isServed(range)) return range
  throw createError('plugin.manifest.version_mismatch', plugin, '1.12.0 and 2.56.0', String(range)).with({
    place: path,
    hint: 'Give "kuzzleVersion" a semver range that holds 1.12.0 or 2.56.0.',
  })
}
