import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createError } from '@mortise/sdk'

/** Where a package comes from: `spec` is what npm is given, `from` what the lock file keeps. */
export interface PluginSource {
  readonly kind: 'registry' | 'folder' | 'tarball'
  readonly spec: string
  readonly from: string
}

/** A name, or a name with a version, range or tag. Source: npm's rules for names of packages. */
const NAME = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*(@[^\s/:]+)?$/

/**
 * Reads what a person wants installed. A path that exists is meant before a
 * name; addresses of repositories are refused, since they tell no version.
 *
 * @throws `plugin.assert.cannot_load` for what is none of the three.
 */
export async function readSource(text: string, root: string): Promise<PluginSource> {
  const path = resolve(root, text)
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory() && /[./\\]/.test(text)) return { kind: 'folder', spec: path, from: text }
  if (found?.isFile() && /\.(tgz|tar\.gz)$/.test(text)) return { kind: 'tarball', spec: path, from: text }
  if (NAME.test(text) && !text.startsWith('-')) return { kind: 'registry', spec: text, from: text }
  throw createError('plugin.assert.cannot_load', text, 'it is neither the name of a package nor an existing folder or tarball.')
    .with({ hint: 'Write a name such as "kuzzle-plugin-logger" or "@acme/geo@1.2.0", a path such as "./geo", or a file such as "geo-1.0.0.tgz".' })
}
