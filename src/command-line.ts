import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { styleText } from 'node:util'
import { Command, CommanderError } from 'commander'
import type { RequestData } from '@mortise/sdk'
import type { DescribedAction, ExplainedEvent } from '@app/api'
import {
  addPackageCommands, completeHelp, completionCommand, dataCommand, devCommand, doctorCommand, eventsCommand, EXIT_CODES, explainCommand, HostLine, Misuse, newCommand, NoHost, pluginsCommand, readUrl,
  scheduleCommand, secretsCommand, tapCommand, typesCommand,
} from '@app/cli'
import type { PluginDefinition } from '@app/registry'
import type { DocumentStore } from '@app/storage'
import type { PluginOutline } from '@app/worker'
import { checkConfig, configPath, loadSettings, type Settings } from './config.js'
import { examine } from './examine.js'
import { MortiseHost } from './host.js'
import { openLog } from './logger.js'
import { openStore, startStore } from './open-store.js'
import { takeOwnVariables } from './own-variables.js'
import { availableFolder, openLockFile, refuseChanged } from './refuse-changed.js'
import { variableOf } from './secrets.js'
import { tellFault } from './tell-fault.js'
import { tryOut as tryAside } from './try-out.js'
import { VERSION } from './version.js'

/** A stream that a command writes on. */
interface Output {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/** What a command line has of the process that it is typed in. */
export interface CommandLineParts {
  /** The folder that relative paths start at. */
  readonly root: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly input: Readable
  /** Where results go, and nothing else. */
  readonly output: Output
  /** Where progress and refusals go. */
  readonly errors: Output
  /** How this command is run once more, in another process. */
  readonly script: string
  /** Resolves when the person has had enough. */
  readonly untilStopped: () => Promise<void>
}

/** The command `mortise`: puts its commands together and runs one. */
export class CommandLine {
  readonly program: Command

  constructor(private readonly parts: CommandLineParts) {
    const { output, errors } = parts
    this.program = new Command('mortise')
      .description('a backend that plugins fit into')
      .version(VERSION)
      .option('--config <file>', 'read the configuration from another file than mortise.config.json')
      .option('--url <url>', 'ask the host that answers there, rather than the one that runs in this folder', readUrl)
      .option('--token <token>', 'an administrator\'s token or API key for that host')
    for (const command of [...this.#pluginCommands(), ...this.#dataCommands(), ...this.#projectCommands()]) this.program.addCommand(command)
    completeHelp(this.program, { writeOut: (text) => output.write(text), writeErr: (text) => errors.write(text) })
  }

  /** Runs what was typed behind `mortise`, and resolves to what the process is to end with: one of `EXIT_CODES`. */
  async run(args: readonly string[]): Promise<number> {
    try {
      await this.program.parseAsync([...args], { from: 'user' })
      return EXIT_CODES.done.code
    } catch (error) {
      // Commander has told by itself what is wrong, or has shown the help that was asked for.
      if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.done.code : EXIT_CODES.misused.code
      this.parts.errors.write(tellFault(error))
      return (error instanceof Misuse ? EXIT_CODES.misused : EXIT_CODES.refused).code
    }
  }

  readonly #print = (text: string): void => void this.parts.output.write(`${text}\n`)

  /** Colours are for people: none goes into files and pipes, nor to who does not want them. */
  readonly #paint = (style: 'red' | 'yellow' | 'green' | 'dim', text: string): string =>
    (this.parts.output.isTTY && !this.parts.environment.NO_COLOR ? styleText(style, text, { validateStream: false }) : text)

  /** What takes its time says so to who watches, beside the results. */
  readonly #progress = (text: string): void => {
    if (this.parts.errors.isTTY) this.parts.errors.write(`… ${text}\n`)
  }

  #settings(): Settings {
    const { root, environment } = this.parts
    return loadSettings({ root, file: this.program.opts<{ config?: string }>().config, environment })
  }

  /** The folder of enabled plugins. */
  #enabled(): string {
    return resolve(this.parts.root, this.#settings().config.plugins.directory ?? 'plugins/enabled')
  }

  /** Lends a host that is configured as the one in this folder, but has a store of its own, and takes it down again. */
  async #withTrialHost<T>(use: (host: MortiseHost) => Promise<T>, beside?: string): Promise<T> {
    const { config, readSecrets } = this.#settings()
    takeOwnVariables(process.env, openLog('silent'))
    const plugins = { ...config.plugins, directory: beside ?? config.plugins.directory } as typeof config.plugins
    const scratch = await mkdtemp(join(tmpdir(), 'mortise-try-'))
    const host = new MortiseHost({
      root: this.parts.root, secrets: readSecrets(), logger: openLog('silent'), config: { ...config, plugins, storage: { path: join(scratch, 'try.sqlite') } },
    })
    try {
      return await use(host)
    } finally {
      await host.close()
      await rm(scratch, { recursive: true, force: true })
    }
  }

  /** Loads a plugin beside those that are enabled, or beside those of another folder. */
  readonly #tryOut = async (folder: string, { beside, place = folder }: { beside?: string; place?: string } = {}): Promise<PluginDefinition> => {
    if (beside === undefined) await refuseChanged({ root: this.parts.root, config: this.#settings().config, logger: openLog('warn') }, [folder])
    return this.#withTrialHost((host) => host.tryOut(folder, place), beside)
  }

  /** The same, beside those that are enabled, in a process that may come to harm. */
  readonly #tryAside = async (folder: string): Promise<PluginOutline> => {
    const { root } = this.parts
    const { config, readSecrets } = this.#settings()
    await refuseChanged({ root, config, logger: openLog('warn') }, [folder])
    this.#progress('loading it on trial, in a process of its own')
    return tryAside({ root, config, secrets: readSecrets() }, folder, folder)
  }

  /** The store of the host that stands in this folder, brought up to date. */
  readonly #openStore = async (): Promise<DocumentStore> => {
    const { path, url } = this.#settings().config.storage
    const file = resolve(this.parts.root, path)
    if (!url) await mkdir(dirname(file), { recursive: true })
    const store = openStore(url, file)
    this.#progress('opening the store, and bringing it up to date')
    await startStore(store, url, file)
    return store
  }

  /** The host that runs in this folder, or the one that `--url` names. */
  readonly #host = (): HostLine => {
    const { url, token } = this.program.opts<{ url?: string; token?: string }>()
    if (token !== undefined && url === undefined) throw new Misuse('--token is for the host that --url names, and there is no --url.')
    return new HostLine({ socket: resolve(this.parts.root, this.#settings().config.server.control), url, token })
  }

  /** Asks the host that runs; when none does in this folder, one that is loaded for the question. */
  async #askOrTry<T>(asked: RequestData): Promise<T> {
    try {
      return await this.#host().call<T>(asked)
    } catch (error) {
      if (!(error instanceof NoHost) || this.#host().isRemote) throw error
      this.#progress('no host runs here: loading what is enabled')
      return this.#withTrialHost((trial) => trial.inspect<T>(asked))
    }
  }

  /** The person's choice of a configuration, for another process. */
  #configArgs(): string[] {
    const { config } = this.program.opts<{ config?: string }>()
    return config === undefined ? [] : ['--config', config]
  }

  /** What depends on the configuration is read when a command asks for it. */
  #pluginCommands(): Command[] {
    const { root, script } = this.parts
    const [enabled, args] = [() => this.#enabled(), () => [script, ...this.#configArgs()]]
    const parts = {
      root,
      print: this.#print,
      tryOut: this.#tryOut,
      tryAside: this.#tryAside,
      host: this.#host,
      available: availableFolder(root),
      get enabled() { return enabled() },
      openStore: this.#openStore,
      lockFile: openLockFile(root),
      get command() { return { program: process.execPath, args: args() } },
      progress: this.#progress,
      secret: (plugin: string, name: string) => ({ variable: variableOf(plugin, name), isSet: this.#settings().readSecrets()[plugin]?.[name] !== undefined }),
    }
    const plugins = pluginsCommand(parts)
    addPackageCommands(plugins, parts)
    return [plugins, newCommand({ root, print: this.#print, available: parts.available, modules: resolve(root, 'node_modules'), hostVersion: VERSION })]
  }

  #dataCommands(): Command[] {
    const print = this.#print
    const { root, environment, input } = this.parts
    return [
      dataCommand({ root, openStore: this.#openStore, print, progress: this.#progress }),
      eventsCommand({ openStore: this.#openStore, print }),
      scheduleCommand({ openStore: this.#openStore, print }),
      explainCommand({ explain: (event) => this.#askOrTry<ExplainedEvent>({ controller: 'server', action: 'explain', event }), print }),
      tapCommand({ host: this.#host, print, progress: this.#progress }),
      typesCommand({ root, print, readActions: async () => (await this.#askOrTry<{ actions: DescribedAction[] }>({ controller: 'server', action: 'actions', scope: 'app' })).actions }),
      secretsCommand({ openFile: () => this.#settings().secretsFile, editor: environment.VISUAL || environment.EDITOR, input, print }),
    ]
  }

  #projectCommands(): Command[] {
    const { root, untilStopped } = this.parts
    const [print, paint, host] = [this.#print, this.#paint, this.#host]
    const hostArgs = (): string[] => [fileURLToPath(new URL('./main.js', import.meta.url)), '--driven', ...this.#configArgs()]
    return [
      devCommand({
        root, print, paint, host, untilStopped, available: availableFolder(root), checkSettings: () => this.#settings().readSecrets(), settingsFiles: () => this.#settingsFiles(),
        get hostArgs() { return hostArgs() },
      }),
      doctorCommand({ examine: () => this.#examine(), paint, print }),
      completionCommand({ program: () => this.program, print }),
    ]
  }

  /** The configuration and the secrets. As long as the configuration has a fault, the secrets lie where they lie without one. */
  #settingsFiles(): string[] {
    const { root } = this.parts
    const file = configPath(root, this.program.opts<{ config?: string }>().config)
    try {
      return [file, this.#settings().secretsFile.path]
    } catch {
      return [file, resolve(root, checkConfig({}).secretsFile)]
    }
  }

  #examine(): ReturnType<typeof examine> {
    this.#progress('looking at the installation')
    return examine({
      root: this.parts.root, node: process.versions.node, host: this.#host, settings: () => this.#settings(), openStore: this.#openStore, enabled: () => this.#enabled(),
      loadAll: () => this.#withTrialHost((trial) => trial.inspect({ controller: 'server', action: 'now' })),
    })
  }
}
