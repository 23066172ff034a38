import { readFileSync } from 'node:fs'

/** The host's version, as its package says. */
export const VERSION = readVersion()

/** The package lies one folder above the sources and two above what is built of them. */
function readVersion(): string {
  for (const path of ['../package.json', '../../package.json']) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { name: string; version: string }
      if (name === 'mortise') return version
    } catch (error) {
      if ((error as { code?: string }).code !== 'ENOENT') throw error
    }
  }
  throw new Error('The package of the host is not where it should be.')
}
