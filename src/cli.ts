#!/usr/bin/env node
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { styleText } from 'node:util'
import { Command } from 'commander'
import type { RequestData } from '@mortise/sdk'
import type { DescribedAction, ExplainedEvent } from '@app/api'
import { addPackageCommands, devCommand, doctorCommand, eventsCommand, explainCommand, HostLine, newCommand, NoHost, pluginsCommand, scheduleCommand, secretsCommand, tapCommand, typesCommand } from '@app/cli'
import type { PluginDefinition } from '@app/registry'
import type { PluginOutline } from '@app/worker'
import type { DocumentStore } from '@app/storage'
import { loadSettings, type Settings } from './config.js'
import { examine } from './examine.js'
import { MortiseHost } from './host.js'
import { openLog } from './logger.js'
import { openStore, startStore } from './open-store.js'
import { availableFolder, openLockFile, refuseChanged } from './refuse-changed.js'
import { variableOf } from './secrets.js'
import { tellFault } from './tell-fault.js'
import { tryOut as tryAside } from './try-out.js'
import { VERSION } from './version.js'

const root = process.cwd()
const print = (text: string): void => void process.stdout.write(`${text}\n`)

/** Colours are for people: none goes into files and pipes, nor to who does not want them. */
const paint = (style: 'red' | 'yellow' | 'green' | 'dim', text: string): string => (process.stdout.isTTY && !process.env.NO_COLOR ? styleText(style, text) : text)

function settings(): Settings {
  return loadSettings({ root, file: program.opts<{ config?: string }>().config, environment: process.env })
}

/** Lends a host that is configured as the one in this folder, but has a store of its own, and takes it down again. */
async function withTrialHost<T>(use: (host: MortiseHost) => Promise<T>, beside?: string): Promise<T> {
  const { config, readSecrets } = settings()
  const plugins = { ...config.plugins, directory: beside ?? config.plugins.directory } as typeof config.plugins
  const scratch = await mkdtemp(join(tmpdir(), 'mortise-try-'))
  const host = new MortiseHost({
    root, secrets: readSecrets(), logger: openLog('silent'), config: { ...config, plugins, storage: { path: join(scratch, 'try.sqlite') } },
  })
  try {
    return await use(host)
  } finally {
    await host.close()
    await rm(scratch, { recursive: true, force: true })
  }
}

/** Loads a plugin beside those that are enabled, or beside those of another folder. */
async function tryOut(folder: string, { beside, place = folder }: { beside?: string; place?: string } = {}): Promise<PluginDefinition> {
  if (beside === undefined) await refuseChanged({ root, config: settings().config, logger: openLog('warn') }, [folder])
  return withTrialHost((host) => host.tryOut(folder, place), beside)
}

/** The same, beside those that are enabled, in a process that may come to harm. */
async function tryPlugin(folder: string): Promise<PluginOutline> {
  const { config, readSecrets } = settings()
  await refuseChanged({ root, config, logger: openLog('warn') }, [folder])
  return tryAside({ root, config, secrets: readSecrets() }, folder, folder)
}

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

/** The person's choice of a configuration, for another process. */
function configArgs(): string[] {
  const { config } = program.opts<{ config?: string }>()
  return config === undefined ? [] : ['--config', config]
}

/** What the commands on plugins work with; what depends on the configuration is read when a command asks for it. */
const parts = {
  root,
  print,
  tryOut,
  tryAside: tryPlugin,
  host,
  available: availableFolder(root),
  get enabled() { return resolve(root, settings().config.plugins.directory ?? 'plugins/enabled') },
  openStore: openOwnStore,
  lockFile: openLockFile(root),
  get command() { return { program: process.execPath, args: [process.argv[1] as string, ...configArgs()] } },
  progress: (text: string) => { if (process.stderr.isTTY) process.stderr.write(`… ${text}\n`) },
  secret: (plugin: string, name: string) => ({ variable: variableOf(plugin, name), isSet: settings().readSecrets()[plugin]?.[name] !== undefined }),
}
const plugins = pluginsCommand(parts)
addPackageCommands(plugins, parts)
program.addCommand(plugins)

program.addCommand(newCommand({
  root, print,
  available: availableFolder(root),
  modules: resolve(root, 'node_modules'),
  hostVersion: VERSION,
}))

program.addCommand(eventsCommand({ openStore: openOwnStore, print }))
program.addCommand(scheduleCommand({ openStore: openOwnStore, print }))

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

program.addCommand(devCommand({
  root, print,
  available: availableFolder(root),
  get hostArgs() { return [fileURLToPath(new URL('./main.js', import.meta.url)), '--log-requests', ...configArgs()] },
  paint,
  untilStopped: () => new Promise((resolve) => { for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve()) }),
}))

program.addCommand(doctorCommand({
  examine: () => examine({ root, host, settings, openStore: openOwnStore, enabled: () => parts.enabled, loadAll: () => withTrialHost((trial) => trial.inspect({ controller: 'server', action: 'now' })) }),
  paint, print,
}))

/** What plugins leave open, such as timers, does not keep a command from ending. */
const end = (): void => void setTimeout(() => process.exit(), 500).unref()

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(tellFault(error))
  process.exitCode = 1
}).finally(end)
