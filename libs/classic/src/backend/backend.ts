import { createError } from '@mortise/sdk'
import type { PluginFunction } from '../classic-plugin.js'
import { ClusterAccess } from '../context/cluster.js'
import { classicLog, type ClassicLog } from '../context/log.js'
import { EmbeddedSdk } from '../sdk/embedded-sdk.js'
import { ApplicationConfiguration } from './configuration.js'
import { APPLICATION_RANGE, ApplicationControllers } from './controllers.js'
import { ApplicationErrors } from './errors.js'
import type { HostedApplication } from './hosted-application.js'
import { ApplicationImports } from './imports.js'
import { ApplicationInstallations } from './installations.js'
import { findLauncher, requireLauncher, type LaunchedApplication } from './launcher.js'
import { ApplicationListeners } from './listeners.js'
import { ApplicationPlugins, type GivenByApplication } from './plugins.js'
import { Stage, type ApplicationParts } from './stage.js'
import { ApplicationStorage } from './storage.js'
import { ApplicationSubscriptions } from './subscriptions.js'
import { ApplicationVault } from './vault.js'

const KEBAB = /^[a-z\d-]+$/

/**
 * An application of the second generation: `kuzzle`'s `Backend`. One that
 * constructs it declares what it brings and calls {@link Backend.start}; where
 * none does, the host makes one, for plugins to find as `global.app`.
 *
 * What it declares is taken when it starts: from then on its registrations
 * throw `plugin.runtime.already_started`, but those of listeners. What it asks
 * of the host throws `plugin.runtime.unavailable_before_start` until then.
 */
export class Backend implements HostedApplication {
  readonly version: string
  readonly commit: string | null
  readonly #stage = new Stage()
  readonly #listeners: ApplicationListeners
  readonly #answers = new Map<string, PluginFunction>()
  #sdk: EmbeddedSdk | undefined
  #cluster: ClusterAccess | undefined
  #log: ClassicLog | undefined
  #launched: Promise<LaunchedApplication> | undefined

  readonly plugin: ApplicationPlugins
  readonly config: ApplicationConfiguration
  readonly controller: ApplicationControllers
  readonly pipe: ApplicationListeners['pipe']
  readonly hook: ApplicationListeners['hook']
  readonly import: ApplicationImports
  readonly errors: ApplicationErrors
  readonly vault: ApplicationVault
  readonly subscription: ApplicationSubscriptions
  readonly installations: ApplicationInstallations
  /** Declares what is set up once, whatever the number of nodes and starts. */
  readonly install: ApplicationInstallations['declare']
  readonly storage = new ApplicationStorage()
  /** What `server:openapi` says of the application beside its routes; it may be written into. */
  readonly openApi: { readonly definition: Record<string, unknown> }

  /** @throws `plugin.assert.invalid_application_name` unless the name is in kebab-case */
  constructor(readonly name: string) {
    if (typeof name !== 'string' || !KEBAB.test(name)) throw createError('plugin.assert.invalid_application_name', String(name)).with({ place: 'new Backend(name)' })
    const stage = this.#stage
    const { version, commit } = findLauncher()?.facts() ?? { version: '', commit: null }
    this.version = version
    this.commit = commit
    this.#listeners = new ApplicationListeners(name, stage)
    this.pipe = this.#listeners.pipe
    this.hook = this.#listeners.hook
    this.plugin = new ApplicationPlugins(stage)
    this.config = new ApplicationConfiguration(() => findLauncher()?.settings() ?? {}, stage)
    this.controller = new ApplicationControllers(name, stage, () => allowsMore(this.config.content))
    this.import = new ApplicationImports(stage)
    this.errors = new ApplicationErrors(stage)
    this.vault = new ApplicationVault(stage)
    this.subscription = new ApplicationSubscriptions(stage)
    this.installations = new ApplicationInstallations(stage)
    this.install = this.installations.declare
    this.openApi = { definition: { info: { title: `${name} API`, description: `${name} HTTP API definition`, version }, tags: [], components: {} } }
  }

  /** Whether it takes requests. */
  get started(): boolean {
    return this.#stage.isStarted
  }

  /** The public client, whose requests stay within the host. */
  get sdk(): EmbeddedSdk {
    return (this.#sdk ??= new EmbeddedSdk(this.#stage.require('sdk').transport))
  }

  get nodeId(): string {
    return this.#stage.require('nodeId').host.nodeId
  }

  get log(): ClassicLog {
    return (this.#log ??= classicLog(this.#stage.require('log').logger))
  }

  /** Messages to and from the other nodes of the cluster. */
  get cluster(): ClusterAccess {
    const { host, logger } = this.#stage.require('cluster')
    return (this.#cluster ??= new ClusterAccess(host.store.messages, logger))
  }

  /** Emits any event, and resolves to its payload as pipes left it. */
  readonly trigger = async (event: string, ...payload: unknown[]): Promise<unknown> => this.#stage.require('trigger').bus.emit(event, ...payload)

  /** Answers a question that others ask by its name. @throws when somebody answers it already */
  readonly onAsk = (event: string, answer: PluginFunction): void => {
    if (this.#answers.has(event)) throw createError('core.fatal.assertion_failed', `the event "${event}" is answered already`)
    this.#answers.set(event, answer)
  }

  /** @throws when nobody answers it, and whatever the answer throws */
  readonly ask = async (event: string, ...payload: unknown[]): Promise<unknown> => {
    const answer = this.#answers.get(event)
    if (!answer) throw createError('core.fatal.assertion_failed', `nobody answers the event "${event}"`)
    return answer(...payload)
  }

  /**
   * Starts a host with everything that was declared; resolves once it takes
   * requests. A start that failed leaves nothing running.
   *
   * @throws `plugin.runtime.already_started`, `core.vault.*`, and all that a start can fail with
   */
  async start(): Promise<void> {
    if (this.#launched || this.#stage.parts) throw createError('plugin.runtime.already_started', 'start')
    const launcher = requireLauncher('start')
    this.vault.open()
    this.#launched = launcher.launch(this)
    await this.#launched
    this.markStarted()
  }

  /** Ends what is at work, then stops. */
  async shutdown(): Promise<void> {
    await (await this.#launched)?.close()
  }

  /** What the host loads of the application: its plugins, and last of all the application itself. */
  get candidates(): { readonly plugins: readonly GivenByApplication[]; readonly itself: GivenByApplication } {
    const api = this.controller.declared
    const [hooks, pipes] = [this.#listeners.declaredHooks, this.#listeners.declaredPipes]
    const exported = { init: () => { this.#stage.isSealed = true }, api, hooks, pipes, imports: this.import.declared }
    const manifest = { name: this.name, kuzzleVersion: APPLICATION_RANGE }
    return { plugins: this.plugin.candidates, itself: { exported, manifest, place: 'the application', packageJson: { version: this.version } } }
  }

  /** Whether it brings anything of its own. */
  get declares(): boolean {
    return this.#launched !== undefined || Object.keys(this.controller.declared).length > 0 || Object.keys(this.import.declared).length > 0
  }

  /** Whose host is open; `undefined` before and after. */
  get parts(): ApplicationParts | undefined {
    return this.#stage.parts
  }

  /** To be called by the host before its plugins start. */
  attach(parts: ApplicationParts): void {
    this.#stage.open(parts)
  }

  /** To be called when the host takes requests. */
  markStarted(): void {
    this.#stage.isStarted = true
  }

  /** To be called when the host goes. */
  close(): void {
    this.#listeners.close()
    this.#cluster?.close()
    this.#sdk?.disconnect()
    this.#sdk = this.#cluster = this.#log = undefined
    this.#stage.close()
  }
}

/** The classic host's own switch. */
function allowsMore({ controllers }: Record<string, unknown>): boolean {
  return (controllers as { definition?: { allowAdditionalActionProperties?: boolean } } | undefined)?.definition?.allowAdditionalActionProperties === true
}
