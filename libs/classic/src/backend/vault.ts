import { deepFreeze } from '../context/deep-freeze.js'
import { requireLauncher } from './launcher.js'
import type { Stage } from './stage.js'

/** `app.vault`: a file of encrypted secrets and the key to it, and the secrets once the application has started. */
export class ApplicationVault {
  #key: string | undefined
  #file: string | undefined
  #secrets: Readonly<Record<string, unknown>> = {}

  constructor(private readonly stage: Stage) {}

  /** @throws `plugin.runtime.already_started` */
  set key(key: string) {
    this.stage.refuseWhenOpen('vault.key')
    this.#key = key
  }

  /** Relative to the folder that the application is started in. @throws `plugin.runtime.already_started` */
  set file(file: string) {
    this.stage.refuseWhenOpen('vault.file')
    this.#file = file
  }

  /** @throws `plugin.runtime.unavailable_before_start` */
  get secrets(): Readonly<Record<string, unknown>> {
    this.stage.require('vault.secrets')
    return this.#secrets
  }

  /** What plugins of the application find in their contexts. */
  get opened(): Readonly<Record<string, unknown>> {
    return this.#secrets
  }

  /** To be called before the host starts. @throws `core.vault.cannot_decrypt`, `core.vault.key_not_found` */
  open(): void {
    this.#secrets = deepFreeze(requireLauncher('vault').openVault({ key: this.#key, file: this.#file }))
  }
}
