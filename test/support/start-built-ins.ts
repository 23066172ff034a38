import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Plugin } from '@mortise/sdk'
import { createBuiltIns, Host, type BuiltInParts } from '@app/api'
import { DecoratedReader } from '@app/loader'
import type { GuestServices } from '@app/pipeline'
import type { PluginDefinition } from '@app/registry'
import { openDocumentStore } from '@app/storage'
import { createCorridor } from './create-corridor.js'

/** A host that only notes that it was asked to stop. */
export class QuietHost extends Host {
  readonly version = '0.1.0'
  stops = 0

  override shutdown(): void {
    this.stops++
  }
}

/**
 * The built-in controllers over a corridor of their own and an embedded store
 * in a temporary folder, read as a decorated plugin is.
 */
export async function startBuiltIns({ plugins = [], host = new QuietHost(), ...parts }: {
  plugins?: PluginDefinition[]
  host?: QuietHost
} & Partial<BuiltInParts> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'mortise-api-'))
  const corridor = createCorridor({ plugins, supervisor: parts.supervisor })
  const store = parts.store ?? openDocumentStore({ path: join(folder, 'store.db') })
  await store.start()
  class BuiltIn {}
  Plugin({ name: 'built-in', ...createBuiltIns({ ...corridor, ...parts, store, host }) })(BuiltIn)
  const reader = new DecoratedReader('0.1.0')
  const candidate = { place: 'built-in', folder, packageJson: { version: '0.1.0' }, exported: BuiltIn }
  const services = { logger: corridor.logger, pipeline: corridor.pipeline } as unknown as GuestServices
  const started = await reader.start(candidate, { identity: reader.identify(candidate), config: {}, common: {}, limit: 0, services })
  corridor.registry.register({ ...started.definition, kind: 'built-in' })
  const stop = async (): Promise<void> => {
    await started.close()
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { ...corridor, store, host, folder, stop }
}

export type StartedBuiltIns = Awaited<ReturnType<typeof startBuiltIns>>
