import { createError } from '@mortise/sdk'
import type { Backend } from '../backend/backend.js'

/** What plugins of the second generation are derived from: `kuzzle`'s `Plugin`. It keeps the manifest; the rest is the plugin's. */
export abstract class Plugin {
  declare context: unknown
  declare config: unknown
  readonly _manifest: Readonly<Record<string, unknown>>

  /** @throws `plugin.manifest.missing_version` */
  constructor(manifest: { kuzzleVersion: string; [field: string]: unknown }) {
    if (!manifest?.kuzzleVersion) throw createError('plugin.manifest.missing_version', this.constructor.name)
    this._manifest = manifest
  }

  abstract init(config: unknown, context: unknown): unknown
}

/** A controller as a class: `kuzzle`'s `Controller`. */
export class Controller {
  /** What the class's name says when absent. */
  declare name?: string
  declare definition: { actions: Record<string, unknown> }

  constructor(protected readonly app: Backend) {}
}
