import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

/** What the text of a package's own code says about it, its dependencies left out. */
export interface SourceSigns {
  /** Names of secrets that it asks for. */
  readonly secrets: readonly string[]
  /** What it reaches for beyond the host. */
  readonly touches: readonly string[]
}

/** Modules of Node, and what they reach. */
const REACHES: Readonly<Record<string, readonly string[]>> = {
  files: ['fs', 'fs/promises'],
  network: ['net', 'tls', 'dgram', 'dns', 'http', 'https', 'http2'],
  processes: ['child_process', 'cluster', 'worker_threads'],
}

const IMPORT = /(?:from\s*|import\s*\(?\s*|require\s*\(\s*)['"](?:node:)?([\w/]+)['"]/g
const SECRET = /\bsecrets\??\.(?:(?:get|has)\(\s*['"`]([\w.-]+)['"`]|(?!get\b|has\b)([A-Za-z_]\w*)\b(?!\s*[<(]))/g

/** Reads a package's JavaScript. What is put together at run time is not seen: this informs, and guards against nothing. */
export async function readSigns(folder: string): Promise<SourceSigns> {
  const secrets = new Set<string>()
  const touches = new Set<string>()
  for (const file of await scriptsOf(folder)) {
    const text = await readFile(file, 'utf8')
    for (const [, asked, member] of text.matchAll(SECRET)) secrets.add((asked ?? member) as string)
    for (const [, module = ''] of text.matchAll(IMPORT)) reachOf(module).forEach((reach) => touches.add(reach))
    if (/\bfetch\s*\(/.test(text)) touches.add('network (fetch)')
    if (/\bprocess\.env\b/.test(text)) touches.add('the environment')
  }
  return { secrets: [...secrets].sort(), touches: [...touches].sort() }
}

const reachOf = (module: string): string[] =>
  Object.entries(REACHES).filter(([, modules]) => modules.includes(module)).map(([reach]) => `${reach} (${module})`)

/** Folders whose code is not the plugin's, or not run with it. */
const LEFT_OUT = ['node_modules', 'test', 'tests', 'coverage']

async function scriptsOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile() && /\.[cm]?js$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !relative(folder, file).split(sep).some((part) => LEFT_OUT.includes(part)))
}
