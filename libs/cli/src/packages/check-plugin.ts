import { basename } from 'node:path'
import { ApiError, readMarks } from '@mortise/sdk'
import { eraOf, type Era } from '@app/classic'
import { BootError } from '@app/loader'
import { readPackage, type PluginCandidate } from '@app/packages'
import type { PluginDefinition } from '@app/registry'
import { packageOf } from '../plugin-folders.js'
import { bringsOf, type PluginReport, type ReportedFault } from './plugin-report.js'
import { readSigns } from './source-signs.js'

/** What a check is made with. */
export interface CheckParts {
  /** Loads the plugin of a folder beside the enabled ones and closes everything again; `place` is what faults call it. */
  readonly tryOut: (folder: string, options: { beside?: string; place?: string }) => Promise<PluginDefinition>
  /** The environment variable that holds a secret, and whether the secret is there. */
  readonly secret: (plugin: string, name: string) => { variable: string; isSet: boolean }
}

/** Faults that lie between plugins. */
const CONFLICTS = ['plugin.assert.name_already_exists', 'network.http.duplicate_url']

/**
 * Loads a plugin for real and tells what it is, brings, requires and reaches
 * for. Its code is run: call this where nothing can be lost.
 *
 * @param beside - A folder of links to the plugins that it is loaded with; the enabled ones when absent.
 */
export async function checkPlugin({ tryOut, secret }: CheckParts, folder: string, beside?: string): Promise<PluginReport> {
  const place = basename(folder)
  const tried = await attempt(() => tryOut(folder, { beside, place }))
  const identity = await identify(folder, tried.definition)
  const { secrets, touches } = await readSigns(folder)
  const isRequirement = ({ id, message }: ReportedFault): boolean => id === 'plugin.assert.invalid_config' && message.startsWith(`plugins.${identity.name}`)
  return {
    ...identity,
    brings: bringsOf(tried.definition),
    imports: (tried.definition?.details?.imports ?? []) as string[],
    requires: {
      configuration: tried.faults.filter(isRequirement).map(({ message }) => message),
      secrets: secrets.map((name) => ({ name, ...secret(identity.name, name) })),
    },
    touches,
    conflicts: tried.faults.filter(({ id }) => CONFLICTS.includes(id)),
    faults: tried.faults.filter((fault) => !isRequirement(fault) && !CONFLICTS.includes(fault.id)),
  }
}

async function attempt(tryOut: () => Promise<PluginDefinition>): Promise<{ definition?: PluginDefinition; faults: ReportedFault[] }> {
  try {
    return { definition: await tryOut(), faults: [] }
  } catch (error) {
    const faults = error instanceof BootError ? error.faults : [error as Error]
    return { faults: faults.map(describe) }
  }
}

function describe(fault: Error): ReportedFault {
  const message = fault.message.split('\n')[0] ?? ''
  if (!ApiError.is(fault)) return { id: fault.name, message }
  return { id: fault.id ?? fault.name, message, ...(fault.place && { place: fault.place }), ...(fault.hint && { hint: fault.hint }) }
}

type Identity = Pick<PluginReport, 'name' | 'version' | 'shape' | 'era' | 'hosts'>

/** Who it is, as far as can be told, also of one that does not start. */
async function identify(folder: string, definition: PluginDefinition | undefined): Promise<Identity> {
  const { version } = await packageOf(folder)
  const candidate = await readPackage(folder, basename(folder)).catch(() => undefined)
  if (!candidate) return { name: basename(folder), version, shape: 'unreadable' }
  const options = readMarks(candidate.exported)?.plugin
  if (!options) return identifyClassic({ name: basename(folder), version }, candidate, definition)
  return { name: options.name, version: options.version ?? version, shape: 'decorated', ...(options.host && { hosts: options.host }) }
}

/** What it says of itself while it runs goes before its files. */
function identifyClassic(known: { name: string; version: string }, { manifest: written }: PluginCandidate, definition: PluginDefinition | undefined): Identity {
  const manifest = { ...written as object, ...definition?.details?.manifest as object } as { name?: string; kuzzleVersion?: string }
  const { name, version } = { ...known, ...(manifest.name && { name: manifest.name }), ...definition }
  // What a class says of itself is known once it was constructed; of one that does not start, the manifest alone tells.
  const { era = eraOf({ range: manifest.kuzzleVersion, hasManifest: written !== undefined, isModern: false }) } = (definition ?? {}) as { era?: Era }
  return { name, version, shape: 'classic', era: describeEra(era), hosts: era.range }
}

function describeEra({ generation, isEarly }: Era): string {
  if (isEarly) return 'before 1.5'
  return generation === 1 ? 'of the first generation' : 'of the second generation'
}
