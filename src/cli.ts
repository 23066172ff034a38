#!/usr/bin/env node
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import type { RequestData } from '@mortise/sdk'
import type { DescribedAction, ExplainedEvent } from '@app/api'
import { eventsCommand, explainCommand, HostLine, newCommand, NoHost, pluginsCommand, secretsCommand, tapCommand, typesCommand } from '@app/cli'
import type { PluginDefinition } from '@app/registry'
import type { DocumentStore } from '@app/storage'
import { loadSettings, type Settings } from './config.js'
import { MortiseHost } from './host.js'
import { openLog } from './logger.js'
import { openStore, startStore } from './open-store.js'
import { tellFault } from './tell-fault.js'
import { VERSION } from './version.js'

const root = process.cwd()
const print = (text: string): void => void process.stdout.write(`${text}\n`)

function settings(): Settings {
  return loadSettings({ root, file: program.opts<{ config?: string }>().config, environment: process.env })
}

/** Lends a host that is configured as the one in this folder, but has a store of its own, and takes it down again. */
async function withTrialHost<T>(use: (host: MortiseHost) => Promise<T>): Promise<T> {
  const { config, readSecrets } = settings()
  const scratch = await mkdtemp(join(tmpdir(), 'mortise-try-'))
  const host = new MortiseHost({
    root, secrets: readSecrets(), logger: openLog('silent'), config: { ...config, storage: { path: join(scratch, 'try.sqlite') } },
  })
  try {
    return await use(host)
  } finally {
    await host.close()
    await rm(scratch, { recursive: true, force: true })
  }
}

/** Loads a plugin beside those that are enabled. */
const tryOut = (folder: string): Promise<PluginDefinition> => withTrialHost((host) => host.tryOut(folder, folder))

/** The store of the host that stands in this folder. */
async function openOwnStore(): Promise<DocumentStore> {
  const { path, url } = settings().config.storage
  const file = resolve(root, path)
  const store = openStore(url, file)
  await startStore(store, url, file)
  return store
}

/** The host that runs in this folder, or the one that `--url` names. */
function host(): HostLine {
  const { url, token } = program.opts<{ url?: string; token?: string }>()
  return new HostLine({ socket: resolve(root, settings().config.server.control), url, token })
}

/** Asks the host that runs; when none does in this folder, one that is loaded for the question. */
async function askOrTry<T>(asked: RequestData): Promise<T> {
  try {
    return await host().call<T>(asked)
  } catch (error) {
    if (error instanceof NoHost && !host().isRemote) return withTrialHost((trial) => trial.inspect<T>(asked))
    throw error
  }
}

const program: Command = new Command('mortise')
  .description('a backend that plugins fit into')
  .version(VERSION)
  .option('--config <file>', 'read the configuration from another file than mortise.config.json')
  .option('--url <url>', 'ask the host that answers there, rather than the one that runs in this folder')
  .option('--token <token>', 'an administrator\'s token or API key for that host')

program.addCommand(pluginsCommand({
  available: resolve(root, 'plugins/available'),
  get enabled() { return resolve(root, settings().config.plugins.directory ?? 'plugins/enabled') },
  tryOut,
  openStore: openOwnStore,
  host,
  print,
}))

program.addCommand(newCommand({
  root, print,
  available: resolve(root, 'plugins/available'),
  modules: resolve(root, 'node_modules'),
  hostVersion: VERSION,
}))

program.addCommand(eventsCommand({ openStore: openOwnStore, print }))

program.addCommand(explainCommand({
  explain: (event) => askOrTry<ExplainedEvent>({ controller: 'server', action: 'explain', event }),
  print,
}))

program.addCommand(tapCommand({ host, print }))

program.addCommand(typesCommand({
  root, print,
  readActions: async () => (await askOrTry<{ actions: DescribedAction[] }>({ controller: 'server', action: 'actions', scope: 'app' })).actions,
}))

program.addCommand(secretsCommand({
  openFile: () => settings().secretsFile,
  editor: process.env.VISUAL || process.env.EDITOR,
  input: process.stdin,
  print,
}))

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(tellFault(error))
  process.exitCode = 1
})
