import { realpath, unlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { ApiError, createError } from '@mortise/sdk'
import { PluginDesk, type PluginChange, type PluginEntry } from '@app/api'
import { BootError } from '@app/loader'
import { linkPlugin, namesIn, readPackage, stateOf } from '@app/packages'
import type { PluginDefinition } from '@app/registry'
import { closest } from 'fastest-levenshtein'
import { describeDefinition } from './describe-definition.js'
import { hotplugErrors } from './hotplug.errors.js'
import { ImportedCode } from './imported-code.js'
import { listRoster, type PluginFolders, type PluginTrouble, type RunningPlugin } from './roster.js'
import { Swap, type SwapParts } from './swap.js'

/** What is needed to look after plugins while the host runs. */
export interface HotPlugParts extends SwapParts {
  readonly folders: PluginFolders
  /** The folder where plugins seem to lie that are given by code. */
  readonly root: string
  /** The plugins that run, in load order, without the host's own. */
  readonly running: () => readonly RunningPlugin[]
  /** What keeps plugins from working, by name. */
  readonly troubles: () => ReadonlyMap<string, PluginTrouble>
  /** Whether changed code may be imported into this process again and again, which nothing frees. */
  readonly isDevelopment: boolean
  /** Whether a plugin is to run in a thread or process of its own. @param before - Whether it did so when it ran last, if it does not run now */
  readonly isIsolated: (plugin: string, before: boolean) => boolean
  /** Has plugins that come in from now on be configured as they are to be now, and returns what undoes that. @param kept - Those whose configuration stays @throws with what is wrong with it */
  readonly renewSections: (kept: readonly string[]) => () => void
  /** Loads a folder's plugin in a process that may come to harm. @throws BootError with what is wrong with it */
  readonly tryOut: (folder: string, place: string) => Promise<unknown>
}

/**
 * Switches plugins while the host runs, one change after another. Whatever
 * fails leaves things as they were and says why.
 */
export class HotPlug extends PluginDesk {
  readonly #swap: Swap
  readonly #code = new ImportedCode()
  /** Names of plugins that were taken out, and ran in threads or processes of their own. */
  readonly #isolated = new Set<string>()
  #work: Promise<unknown> = Promise.resolve()

  constructor(private readonly parts: HotPlugParts) {
    super()
    this.#swap = new Swap(parts)
  }

  list(): Promise<readonly PluginEntry[]> {
    return listRoster(this.parts.running(), this.parts.folders, this.parts.troubles())
  }

  /** Loads a plugin of the available folder and links it, so that the next start loads it as well. */
  enable(name: string): Promise<PluginChange> {
    return this.#inTurn(async () => {
      const { available, enabled } = this.parts.folders
      const folder = await this.#folderOf(name)
      const place = `plugins/${basename(enabled)}/${name}`
      if (this.#find(name, folder)) return { name, brings: [], notices: [`Plugin "${name}" runs already.`] }
      const isLinked = await stateOf(join(enabled, name)) !== 'absent'
      const change = await this.#bringIn(name, { folder, place, outcome: 'stays disabled' })
      if (!isLinked) await linkPlugin(enabled, join(available, name))
      return change
    })
  }

  /** Loads a plugin whose entry has come into the enabled folder. */
  take(name: string): Promise<PluginChange> {
    return this.#inTurn(async () => {
      const { enabled } = this.parts.folders
      return this.#bringIn(name, { folder: await realpath(join(enabled, name)), place: `plugins/${basename(enabled)}/${name}`, outcome: 'is not loaded' })
    })
  }

  /** Stops a plugin and removes its link. */
  disable(name: string): Promise<PluginChange> {
    return this.#inTurn(async () => {
      const { enabled } = this.parts.folders
      const plugin = this.#require(name)
      const link = join(enabled, basename(plugin.definition.place))
      const state = await stateOf(link)
      if (state === 'folder') throw hotplugErrors.not_linked(name, `"${link}" is no link but the plugin itself`).with({ hint: 'Move it elsewhere to disable it.' })
      if (state === 'absent' && !plugin.definition.place.startsWith('plugins/')) {
        throw hotplugErrors.not_linked(name, `it is not of the enabled folder, but ${plugin.definition.place}`).with({ hint: 'Take it out of the configuration, or of the code that gives it.' })
      }
      const definition = await this.#takeOut(plugin)
      if (state !== 'absent') await unlink(link)
      return { name: definition.name, brings: describeDefinition(definition), notices: [] }
    })
  }

  /** Puts a plugin as it lies on disk now in the place of the one that runs. */
  reload(name: string): Promise<PluginChange> {
    return this.#inTurn(() => {
      const { definition, folder } = this.#require(name)
      if (folder === this.parts.root) throw hotplugErrors.not_linked(name, 'it is given by code').with({ hint: 'Make a package of it, and enable its folder.' })
      return this.#bringIn(definition.name, { folder, place: definition.place, outcome: 'stays as it was', old: definition.name })
    })
  }

  /** Takes out a plugin whose entry has gone from the enabled folder. */
  drop(name: string): Promise<unknown> {
    return this.#inTurn(() => this.#takeOut(this.#require(name)))
  }

  /** Lets changes end that are under way. */
  async close(): Promise<void> {
    await this.#work
    await this.#swap.settled()
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#work.then(change)
    this.#work = done.catch(() => undefined)
    return done
  }

  #takeOut({ definition, folder }: RunningPlugin): Promise<PluginDefinition> {
    const { name } = definition
    this.#code.keep(folder)
    if (this.parts.isIsolated(name, false)) this.#isolated.add(name)
    else this.#isolated.delete(name)
    return this.#swap.out(name)
  }

  async #bringIn(name: string, { folder, place, outcome, old }: { folder: string; place: string; outcome: string; old?: string }): Promise<PluginChange> {
    const { isDevelopment, tryOut } = this.parts
    const { change, isChanged, isProven, needsCopy } = await this.#code.stateOf(folder, this.#isImported(folder))
    const restore = this.#renewSections(name, { outcome, old })
    if (isChanged && !isDevelopment && !this.parts.isIsolated(name, this.#isolated.has(name))) {
      restore()
      throw refuseChanged(name)
    }
    try {
      if (!isProven) await tryOut(folder, place)
      const isCopy = needsCopy && isDevelopment
      const candidate = await readPackage(folder, place, { isFresh: isCopy })
      const definition = await this.#swap.in(candidate, old)
      this.#code.note(folder, { change, isChanged, isCopy })
      return { name: definition.name, brings: describeDefinition(definition), notices: [] }
    } catch (thrown) {
      restore()
      throw hotplugErrors.refused(name, outcome, reportOf(thrown))
    }
  }

  /** Has the plugin come in as it is to be configured now; those that go on running stay as they are. */
  #renewSections(name: string, { outcome, old }: { outcome: string; old?: string }): () => void {
    const kept = this.parts.running().map((plugin) => plugin.definition.name).filter((running) => running !== old)
    try {
      return this.parts.renewSections(kept)
    } catch (thrown) {
      throw hotplugErrors.refused(name, outcome, (thrown as Error).message)
    }
  }

  /** Whether it has run since the process began: then its modules are in memory. */
  #isImported(folder: string): boolean {
    return this.parts.running().some((plugin) => plugin.folder === folder)
  }

  async #folderOf(name: string): Promise<string> {
    const { available } = this.parts.folders
    const known = await namesIn(available)
    if (known.includes(name)) return realpath(join(available, name))
    throw createError('plugin.assert.plugin_not_found', name)
      .with({ place: available, hint: known.length > 0 ? `Did you mean "${closest(name, known)}"?` : 'There is none at all.' })
  }

  /** A running plugin by its own name, or by that of its folder. */
  #find(name: string, folder?: string): RunningPlugin | undefined {
    const running = this.parts.running()
    return running.find(({ definition }) => definition.name === name) ?? running.find((plugin) => plugin.folder === folder || basename(plugin.definition.place) === name)
  }

  #require(name: string): RunningPlugin {
    const plugin = this.#find(name)
    if (plugin) return plugin
    const names = this.parts.running().map(({ definition }) => definition.name)
    throw createError('plugin.assert.plugin_not_found', name)
      .with({ hint: names.length > 0 ? `It does not run. Did you mean "${closest(name, names)}"?` : 'None runs.' })
  }
}

const refuseChanged = (name: string): ApiError => hotplugErrors.code_changed(name)
  .with({ hint: `Restart the host, or isolate the plugin ("plugins": { "${name}": { "isolation": "process" } }), so that its code is loaded in a process of its own.` })

const reportOf = (thrown: unknown): string => {
  if (thrown instanceof BootError) return thrown.message
  if (ApiError.is(thrown)) return new BootError([thrown]).message
  return String((thrown as Error).stack ?? thrown)
}
