import { createError } from '@mortise/sdk'
import { isRecord } from '../classic-plugin.js'
import type { Stage } from './stage.js'

type Settings = Record<string, unknown>

/** `app.config`: what the configuration file and the environment say, and over it what the application's code sets. */
export class ApplicationConfiguration {
  #written: Settings = {}

  constructor(private readonly read: () => Settings, private readonly stage: Stage) {}

  /** All of it, as it stands. */
  get content(): Settings {
    return merge(this.read(), this.#written)
  }

  /** What code has set: it goes before everything else. */
  get written(): Settings {
    return this.#written
  }

  /** Sets one value by its path, such as `limits.documentsWriteCount`. @throws `plugin.runtime.already_started` */
  set(path: string, value: unknown): void {
    const keys = path.split('.')
    if (keys.some((key) => key === '' || key === '__proto__')) {
      throw createError('core.configuration.cannot_parse', `"${path}" is no path: write names with dots between them.`)
    }
    this.merge(keys.reduceRight((inner, key) => ({ [key]: inner }), value) as Settings)
  }

  /** Sets what is given, objects key by key. @throws `plugin.runtime.already_started` */
  merge(settings: Settings): void {
    this.stage.refuseWhenOpen('config')
    this.#written = merge(this.#written, settings)
  }
}

/** Lists and plain values replace each other, objects are taken together. */
export function merge(below: Settings, above: Settings): Settings {
  const merged = { ...below }
  for (const [key, value] of Object.entries(above)) {
    const old = merged[key]
    merged[key] = isRecord(old) && isRecord(value) ? merge(old, value) : value
  }
  return merged
}
