type Settings = Record<string, unknown>

/** Keys under `plugins` that are not names of plugins. */
export const PLUGIN_SETTINGS: ReadonlySet<string> = new Set(['common', 'directory', 'watch'])

/**
 * Reads settings from variables: `MORTISE_SERVER__MAX_REQUEST_SIZE=2MB` is
 * `server.maxRequestSize`. `__` nests, `_` joins camel case; below `plugins`
 * and `secrets` the name of a plugin is joined by dashes instead. Values that
 * are JSON (numbers, booleans, lists) are read as such.
 */
export function readEnvironment(environment: Readonly<Record<string, string | undefined>>, prefix = 'MORTISE_'): Settings {
  const settings: Settings = {}
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith(prefix) || value === undefined) continue
    const path = pathOf(name.slice(prefix.length))
    if (path.every(Boolean)) assign(settings, path, path[0] === 'secrets' ? value : parse(value))
  }
  return settings
}

function pathOf(name: string): string[] {
  const words = name.toLowerCase().split('__')
  return words.map((word, depth) => {
    const isPluginName = depth === 1 && (words[0] === 'plugins' || words[0] === 'secrets') && !PLUGIN_SETTINGS.has(word)
    return isPluginName ? word.replaceAll('_', '-') : word.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
  })
}

function assign(settings: Settings, [key = '', ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    settings[key] = value
    return
  }
  const inner = settings[key]
  const next: Settings = typeof inner === 'object' && inner !== null ? inner as Settings : {}
  settings[key] = next
  assign(next, rest, value)
}

function parse(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    // Most values are plain text.
    return value
  }
}
