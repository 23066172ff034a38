import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, resolve } from 'node:path'
import { NoHost, readSigns, weaknessOf, type Finding, type HostLine } from '@app/cli'
import { BootError } from '@app/loader'
import { namesIn } from '@app/packages'
import type { DocumentStore } from '@app/storage'
import { satisfies } from 'semver'
import type { MortiseConfig } from './config-schema.js'
import type { Settings } from './config.js'
import { variableOf } from './secrets.js'
import { tellFault } from './tell-fault.js'

/** What an installation is looked at with. */
export interface Installation {
  readonly root: string
  /** The version of Node that runs. */
  readonly node: string
  /** @throws ConfigError */
  readonly settings: () => Settings
  readonly enabled: () => string
  readonly host: () => HostLine
  readonly openStore: () => Promise<DocumentStore>
  /** Loads everything that is enabled, on a store of its own. @throws BootError */
  readonly loadAll: () => Promise<unknown>
}

/** The versions of Node that the host is made for; a test compares it with package.json. */
export const NODE = '>=20.19'

const ok = (about: string, message: string): Finding => ({ about, state: 'ok', message })
const problem = (about: string, message: string, remedy?: string): Finding => ({ about, state: 'problem', message, remedy })
const wrong = (about: string, remedy?: string) => (error: unknown): Finding => problem(about, tellFault(error).trim(), remedy)

/** Looks at a whole installation and changes nothing but what each start does: a store that is there is brought up to date. */
export async function examine(installation: Installation): Promise<Finding[]> {
  const node = satisfies(installation.node, NODE)
    ? ok('Node', installation.node)
    : problem('Node', `${installation.node} is none of ${NODE}.`, 'Install a version of Node that is.')
  const { config, fault } = readConfig(installation)
  if (!config) return [node, fault as Finding]
  const isRunning = await installation.host().call({ controller: 'server', action: 'now' }).then(() => true, (error: unknown) => !(error instanceof NoHost))
  return [
    node,
    ok('configuration', 'is valid'),
    await examinePort(config, isRunning),
    await examineStore(installation, config),
    await installation.loadAll().then(() => ok('plugins', 'all that are enabled can be loaded'), (error: unknown) =>
      (error instanceof BootError ? problem('plugins', error.message) : wrong('plugins')(error))),
    ...await examineSecrets(installation).catch((error: unknown) => [wrong('secrets')(error)]),
  ]
}

function readConfig({ settings }: Installation): { config?: MortiseConfig; fault?: Finding } {
  try {
    return { config: settings().config }
  } catch (error) {
    return { fault: wrong('configuration', 'The rest can be looked at once it is mended.')(error) }
  }
}

async function examinePort({ server: { port, host } }: MortiseConfig, isRunning: boolean): Promise<Finding> {
  if (isRunning) return ok('port', 'a host runs in this folder')
  const server = createServer()
  const fault = await new Promise<NodeJS.ErrnoException | undefined>((done) => server.once('error', done).listen(port, host, () => done(undefined)))
  if (!fault) await new Promise((done) => { server.close(done) })
  return fault ? problem('port', `${host}:${port} cannot be listened on: ${fault.code}.`, 'End what listens there, or set server.port to another; 0 takes a free one.') : ok('port', port === 0 ? 'any free one' : `${port} is free`)
}

/** A store that is not there yet is not made: whether it can be is enough to know. */
async function examineStore({ root, openStore }: Installation, { storage: { path, url } }: MortiseConfig): Promise<Finding> {
  const file = resolve(root, path)
  if (!url && !await stat(file).catch(() => undefined)) return examineFolder(dirname(file), path)
  try {
    await (await openStore()).close()
    return ok('store', url ? 'PostgreSQL answers, and is up to date' : `${path} can be written, and is up to date`)
  } catch (error) {
    return wrong('store')(error)
  }
}

async function examineFolder(folder: string, path: string): Promise<Finding> {
  let existing = folder
  while (!await stat(existing).catch(() => undefined)) existing = dirname(existing)
  const isFolder = (await stat(existing)).isDirectory()
  return (isFolder ? access(existing, constants.W_OK) : Promise.reject(new Error('no folder'))).then(() => ok('store', `${path} is made by the first start`), () => problem('store', `${path} cannot be made in ${existing}.`, 'Let the host write there, or set storage.path to another place.'))
}

async function examineSecrets({ settings, enabled }: Installation): Promise<Finding[]> {
  const secrets = settings().readSecrets()
  const weak = Object.entries(secrets).flatMap(([plugin, values]) => Object.entries(values).flatMap(([name, value]) => {
    const weakness = weaknessOf(value)
    return weakness ? [problem('secrets', `"${name}" of "${plugin}" ${weakness}.`, `Set ${variableOf(plugin, name)} to another, such as what "openssl rand -base64 32" gives.`)] : []
  }))
  const missing: Finding[] = []
  for (const plugin of await namesIn(enabled())) {
    const { secrets: asked } = await readSigns(resolve(enabled(), plugin)).catch(() => ({ secrets: [] }))
    for (const name of asked.filter((each) => secrets[plugin]?.[each] === undefined)) {
      missing.push({ about: 'secrets', state: 'warning', message: `"${name}" is asked for by "${plugin}" and not set.`, remedy: `Set ${variableOf(plugin, name)} if it is needed.` })
    }
  }
  return weak.length + missing.length > 0 ? [...weak, ...missing] : [ok('secrets', 'none is missing or weak')]
}
