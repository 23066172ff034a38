import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import type { PluginEntry } from '@app/api'
import type { HostLine } from '../host/host-line.js'
import { NoHost } from '../host/no-host.js'
import { pluginsOf } from '../host/plugins-of-host.js'
import { ChildLines } from './child-lines.js'
import { renderLog, type Paint } from './render-log.js'

/** What a host in development is run with. Paths are absolute. */
export interface DevHostParts {
  readonly root: string
  readonly available: string
  /** What Node is given to run the host: its script and arguments. */
  readonly hostArgs: readonly string[]
  /** The way to it once it runs. */
  readonly host: () => HostLine
  readonly print: (text: string) => void
  readonly paint: Paint
}

/** What the host does about a plugin that has changed, by its state. */
const ACTIONS: Readonly<Partial<Record<PluginEntry['state'], 'reload' | 'enable'>>> = { running: 'reload', quarantined: 'reload', missing: 'enable', enabled: 'enable' }

/** The host while plugins are being written. It goes on as they change; only what has taken it down, or cannot be asked, is started anew. */
export class DevHost {
  #process: ChildLines | undefined
  /** Whether it has come up; `false` when it has ended before. */
  #isUp: Promise<boolean> = Promise.resolve(false)
  #isOver = false

  constructor(private readonly parts: DevHostParts) {}

  start(): void {
    const { root, hostArgs, print, paint } = this.parts
    this.#isUp = new Promise((settle) => {
      const started = new ChildLines(hostArgs, root, (line) => {
        print(renderLog(line, paint))
        if (line.includes(' listens on ')) settle(true)
      })
      this.#process = started
      void started.ended.then((code) => {
        settle(false)
        this.#hasEnded(started, code)
      })
    })
  }

  #hasEnded(ended: ChildLines, code: number | null): void {
    const { print, paint } = this.parts
    if (this.#process !== ended) return
    this.#process = undefined
    if (!this.#isOver && code !== 0) print(paint('red', `The host has ended with ${code ?? 'a signal'}. It starts anew at the next change.`))
  }

  async stop(): Promise<void> {
    this.#isOver = true
    await this.#process?.stop()
  }

  /**
   * Has plugins of these folders run as they lie on disk now, and tells what came of it.
   *
   * @throws Refusal with why one stays as it was.
   */
  async take(names: Iterable<string>): Promise<string> {
    if (!await this.#isUp || !this.#process) return this.startAnew()
    try {
      const before = performance.now()
      const idle: string[] = []
      for (const name of names) if (!await this.#takeOne(name)) idle.push(name)
      return idle.length > 0 ? `not enabled: mortise plugins enable ${idle.join(' ')}` : `reloaded in ${Math.round(performance.now() - before)} ms`
    } catch (error) {
      if (error instanceof NoHost) return this.startAnew()
      throw error
    }
  }

  /** Whether the plugin is one that runs, or should. */
  async #takeOne(name: string): Promise<boolean> {
    const { host, available } = this.parts
    const folder = await realpath(join(available, name)).catch(() => undefined)
    const known = (await pluginsOf(host())).find((plugin) => plugin.folder === folder)
    const action = known && ACTIONS[known.state]
    if (action) await host().call({ controller: 'plugins', action, name: action === 'enable' ? name : known.name })
    return action !== undefined
  }

  /** Starts the host once more: for what it reads only then. Tells what it does. */
  async startAnew(): Promise<string> {
    await this.#process?.stop()
    this.start()
    return 'the host starts anew'
  }
}
