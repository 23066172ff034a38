import { readFile } from 'node:fs/promises'
import { createErrorFrom } from '@mortise/sdk'

/** Reads a JSON file, or yields `undefined` when there is none. @throws `plugin.manifest.cannot_load` */
export async function readJson(path: string, place: string): Promise<unknown> {
  try {
    return JSON.parse((await readFile(path, 'utf8')).replace(/^\uFEFF/, ''))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw createErrorFrom(error, 'plugin.manifest.cannot_load', path, `${(error as Error).message}.`)
      .with({ place, hint: 'Correct the file: it must be JSON that this process may read.' })
  }
}
