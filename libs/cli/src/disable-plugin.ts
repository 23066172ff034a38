import { unlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { namesIn, stateOf } from '@app/packages'
import { describeChanges } from './describe-changes.js'
import type { PluginFolders } from './plugin-folders.js'
import { Refusal, unknownName } from './refusal.js'

/**
 * Removes a plugin's link from the enabled folder, also one that leads
 * nowhere; the plugin itself stays where it is. Returns what a restart will change.
 *
 * @throws {@link Refusal} for an unknown name, and for a folder that is no link.
 */
export async function disablePlugin({ enabled, tryAside }: PluginFolders, name: string): Promise<string> {
  const known = await namesIn(enabled)
  if (!known.includes(name)) throw unknownName(name, known, `plugins/${basename(enabled)}`)
  const link = join(enabled, name)
  const state = await stateOf(link)
  if (state === 'folder') throw new Refusal(`"${link}" is no link but the plugin itself. Move it elsewhere to disable it.`)
  // One that cannot load brings nothing that could be taken away.
  const definition = state === 'link' ? await tryAside(link).catch(() => undefined) : undefined
  await unlink(link)
  if (!definition) return `"${name}" is disabled.`
  return `"${name}" is disabled. A restart takes away:\n${describeChanges(definition)}`
}
