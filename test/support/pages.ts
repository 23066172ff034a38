import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Every page of Markdown that this project holds. */
export const listPages = (): string[] =>
  ['.', 'src', 'libs', 'plugins/available', 'test'].flatMap((folder) =>
    readdirSync(folder, { recursive: folder !== '.', withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !path.includes('node_modules')))
