import { readFile, rename, writeFile } from 'node:fs/promises'
import { installerErrors } from './installer.errors.js'

/** A plugin as it was installed. */
export interface LockedPlugin {
  /** The package's name as npm knows it. */
  readonly package: string
  readonly version: string
  /** What it was installed from, as a person wrote it: a name, a folder or a tarball. */
  readonly from: string
  /** Of the tarball, as the registry tells it; absent for folders. */
  readonly integrity?: string
  /** Of what lies in the plugin's folder, dependencies included. */
  readonly content: string
}

/** Installed plugins by the names of their folders. */
export type LockedPlugins = Readonly<Record<string, LockedPlugin>>

const VERSION = 1

/** `plugins/plugins.lock.json`: which plugins were installed, from where, and what they consisted of. */
export class LockFile {
  constructor(readonly path: string) {}

  /** Everything in it; nothing when there is no such file. @throws `plugin.integrity.unreadable_lock` */
  async read(): Promise<LockedPlugins> {
    const text = await readFile(this.path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw this.#unreadable(error.message)
    })
    if (text === undefined) return {}
    const { lockfileVersion, plugins } = this.#parse(text)
    if (lockfileVersion !== VERSION || !isRecord(plugins)) throw this.#unreadable('it is of another form than this host writes')
    return plugins as LockedPlugins
  }

  /** Adds or replaces one plugin; the others stay as they are. */
  async set(name: string, plugin: LockedPlugin): Promise<void> {
    await this.#write({ ...await this.read(), [name]: plugin })
  }

  async delete(name: string): Promise<void> {
    const { [name]: _gone, ...plugins } = await this.read()
    await this.#write(plugins)
  }

  /** In one step, so that nobody reads half a file. */
  async #write(plugins: LockedPlugins): Promise<void> {
    const sorted = Object.fromEntries(Object.entries(plugins).sort(([a], [b]) => (a < b ? -1 : 1)))
    const draft = `${this.path}.${process.pid}.new`
    await writeFile(draft, `${JSON.stringify({ lockfileVersion: VERSION, plugins: sorted }, null, 2)}\n`)
    await rename(draft, this.path)
  }

  #parse(text: string): Record<string, unknown> {
    try {
      const value: unknown = JSON.parse(text)
      return isRecord(value) ? value : {}
    } catch (error) {
      throw this.#unreadable((error as Error).message)
    }
  }

  #unreadable(fault: string): Error {
    return installerErrors.unreadable_lock(this.path, fault).with(this.#remedy)
  }

  get #remedy(): { place: string; hint: string } {
    return { place: this.path, hint: 'Put it back as it was, or delete it: then no plugin is compared with what was installed.' }
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
