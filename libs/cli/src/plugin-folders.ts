import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PluginOutline } from '@app/worker'

/** What the commands on plugins work with. Paths are absolute. */
export interface PluginFolders {
  /** Each directory in it is a plugin that may be enabled. */
  readonly available: string
  /** Holds links to them; the host loads what it finds here. */
  readonly enabled: string
  /**
   * Loads the plugin of a folder with all that is enabled, where it can harm nothing, tells what it
   * brings and closes everything again. @throws an error whose message is the report of what keeps it from loading.
   */
  readonly tryAside: (folder: string) => Promise<PluginOutline>
  /** Writes lines for the person to read. */
  readonly print: (text: string) => void
}

/** What a package says of itself; nothing when its package.json cannot be read. */
export async function packageOf(folder: string): Promise<{ version: string; description: string }> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '{}')
  const { version, description } = parse(text)
  return { version: String(version ?? ''), description: String(description ?? '') }
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    // `enable` and the host's boot report tell what is wrong with the file; a list only lists.
    return {}
  }
}
