import { realpath } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { linkPlugin, namesIn, stateOf } from '@app/packages'
import { describeChanges } from './describe-changes.js'
import type { PluginFolders } from './plugin-folders.js'
import { Refusal, unknownName } from './refusal.js'

/**
 * Links a plugin into the enabled folder, after it has been loaded on trial
 * beside the ones that are enabled. Returns what a restart will change.
 *
 * @throws {@link Refusal} for an unknown name, a plugin that cannot load, and a name that is taken.
 */
export async function enablePlugin({ available, enabled, tryAside }: PluginFolders, name: string): Promise<string> {
  const known = await namesIn(available)
  if (!known.includes(name)) throw unknownName(name, known, `plugins/${basename(available)}`)
  const folder = join(available, name)
  const link = join(enabled, name)
  if (await isFree(link, folder) === false) return `"${name}" is enabled already.`
  const definition = await tryAside(folder).catch((error: Error) => {
    throw new Refusal(`"${name}" stays disabled: with it, the host could not start.\n\n${error.message}`)
  })
  await linkPlugin(enabled, folder)
  return `"${name}" is enabled. A restart brings:\n${describeChanges(definition)}`
}

/** Whether a link can be made; false when it is there. @throws {@link Refusal} when something else is. */
async function isFree(link: string, folder: string): Promise<boolean> {
  const state = await stateOf(link)
  if (state === 'absent') return true
  if (state === 'link' && await realpath(link) === await realpath(folder)) return false
  throw new Refusal(`"${link}" is there already and is something else. Take it away first.`)
}
