import { createError } from '@mortise/sdk'
import type { PluginCandidate } from '@app/packages'
import type { PluginIdentity } from '@app/pipeline'
import { kebabCase } from '../kebab-case.js'
import { findPlugin, type FoundPlugin } from './find-plugin.js'
import { checkName, readManifest, type Manifest } from './manifest.js'

/** Who a candidate is, with what it exports and what its manifest says. */
export interface ClassicIdentity extends PluginIdentity {
  readonly found: FoundPlugin
  /** Absent when there is no `manifest.json`, nor a name given in code. */
  readonly manifest: Manifest | undefined
}

const KEBAB = /^[a-z\d-]+$/

/**
 * Tells name and version, in this order: the name of `manifest.json`; for an
 * object, or a class exported by name, the class's name in kebab-case without
 * `Plugin`; the name of `package.json` in lower case.
 *
 * @throws `plugin.assert.not_a_constructor`, `plugin.assert.no_name_provided`, `plugin.assert.invalid_plugin_name`, and
 * `plugin.manifest.*` for a manifest or package.json that is not well made.
 */
export function identify({ exported, manifest: source, packageJson, place }: PluginCandidate): ClassicIdentity {
  const manifest = source === undefined ? undefined : readManifest(`${place}/manifest.json`, source)
  const found = findPlugin(exported)
  if (!found) {
    throw createError('plugin.assert.not_a_constructor', manifest?.name ?? place).with({ place, hint: 'Let the package export the class itself: "module.exports = MyPlugin".' })
  }
  const name = manifest?.name ?? nameOfClass(found, place) ?? nameOfPackage(packageJson, place)
  return { name, version: typeof packageJson.version === 'string' ? packageJson.version : '', found, manifest }
}

function nameOfClass(found: FoundPlugin, place: string): string | undefined {
  if (found.kind === 'class' && !found.isNamed) return undefined
  const type = found.kind === 'class' ? found.type : found.instance.constructor as { name: string }
  const name = kebabCase(type.name.replace(/Plugin$/, ''))
  if (name === '' || type === Object) throw createError('plugin.assert.no_name_provided', place).with({ place, hint: 'Give the object a name where it is handed over.' })
  if (!KEBAB.test(name)) throw createError('plugin.assert.invalid_plugin_name', name).with({ place })
  return name
}

function nameOfPackage(packageJson: Readonly<Record<string, unknown>>, place: string): string {
  if (Object.keys(packageJson).length === 0) throw createError('plugin.manifest.missing_package', place).with({ place })
  const { name } = packageJson
  if (typeof name !== 'string' || name === '') throw createError('plugin.manifest.missing_package_name', place).with({ place, hint: 'Write "name" into its package.json, or into a manifest.json.' })
  return checkName(`${place}/package.json`, name.toLowerCase())
}
