import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BootError } from '@app/loader'
import type { SecretsByPlugin } from '@app/secrets'
import { tryInProcess, type PluginOutline } from '@app/worker'
import type { MortiseConfig } from './config-schema.js'
import { withoutOwnVariables } from './own-variables.js'

/** The host that a plugin is to run in. */
export interface TrialSettings {
  readonly root: string
  readonly config: MortiseConfig
  readonly secrets: SecretsByPlugin
}

/** What a process that tries a plugin is told. */
export interface TrialOrder extends TrialSettings {
  readonly folder: string
  readonly place: string
  /** A folder for its store, which is removed afterwards. */
  readonly scratch: string
}

/** Time beyond that of one plugin: for the process, and for all that start before. */
const HEADROOM = 30_000

/**
 * Loads a folder's plugin beside all that is enabled, on a store of its own, in
 * a process that may come to harm.
 *
 * @throws BootError with what would keep a host from starting with it.
 */
export async function tryOut(settings: TrialSettings, folder: string, place: string): Promise<PluginOutline> {
  const scratch = await mkdtemp(join(tmpdir(), 'mortise-try-'))
  const { root, config, secrets } = settings
  try {
    return await tryInProcess({
      place,
      entry: new URL('./plugin-trial.js', import.meta.url),
      environment: withoutOwnVariables(process.env),
      limit: config.plugins.common.initTimeout + HEADROOM,
      refuse: (faults) => new BootError(faults),
    }, { root, config, secrets, folder, place, scratch } satisfies TrialOrder)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}
