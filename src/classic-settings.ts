import { configSchema } from './config-schema.js'

type Settings = Record<string, unknown>

/** Where the classic host keeps sections that stand elsewhere here. */
const MOVED: Readonly<Record<string, readonly [string, string]>> = { http: ['server', 'http'] }

/** Settings that the host takes, and the paths of those that mean nothing to it. */
export interface ReadSettings {
  readonly known: Settings
  readonly unknown: readonly string[]
}

/**
 * Reads what the code of a classic application has set: sections are put where
 * this host has them, and what it has no use for is named and left out. Values
 * are not checked: the configuration is, as a whole.
 */
export function readClassicSettings(written: Settings): ReadSettings {
  const known = structuredClone(written)
  for (const [section, [outer, inner]] of Object.entries(MOVED)) {
    if (!(section in known)) continue
    known[outer] = { ...known[outer] as Settings, [inner]: known[section] }
    delete known[section]
  }
  const issues = configSchema.safeParse(known).error?.issues ?? []
  const unknown = issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return []
    const section = issue.path.reduce<Settings>((inner, key) => inner[String(key)] as Settings, known)
    return issue.keys.map((key) => {
      delete section[key]
      return [...issue.path, key].join('.')
    })
  })
  return { known, unknown }
}
