import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { namesIn } from '@app/packages'
import { compilePlugin } from '../build/compile-plugin.js'
import { Refusal } from '../refusal.js'
import { ChildLines } from './child-lines.js'
import { DevHost, type DevHostParts } from './dev-host.js'
import { watchFile } from './watch-file.js'
import { watchPlugins } from './watch-plugins.js'

/** What `mortise dev` works with. */
export interface DevParts extends DevHostParts {
  /** What the host is configured by, as it is configured now: its configuration and its secrets. They may be missing. */
  readonly settingsFiles: () => readonly string[]
  /** @throws with what is wrong with them */
  readonly checkSettings: () => unknown
}

/**
 * One sitting of development: compiles plugins as they change and has the host
 * take them up while it runs, starts it anew when its configuration changes, and
 * prints its log with the requests that go through it, and what TypeScript has
 * to say about types.
 */
export class DevSession {
  readonly #host: DevHost
  #types: ChildLines | undefined
  #endWatch: () => void = () => undefined
  /** Ends of watches by the file of settings. */
  readonly #settings = new Map<string, () => void>()
  /** Changes are worked off one after another. */
  #work: Promise<void> = Promise.resolve()
  #isOver = false

  constructor(private readonly parts: DevParts) {
    this.#host = new DevHost(parts)
  }

  /** Compiles everything, starts the host and the compiler, and begins to watch. @throws {@link Refusal} where there is no folder of plugins */
  async start(): Promise<void> {
    const { available, print, paint } = this.parts
    if (!existsSync(available)) throw new Refusal(`There is no folder "${available}", where plugins are written. Run "mortise new plugin <name>" to begin with one.`)
    this.#endWatch = watchPlugins(available, (names) => { this.#work = this.#work.then(() => this.#take(names)) })
    this.#watchSettings()
    for (const name of await namesIn(available)) await this.#compile(name)
    this.#host.start()
    this.#checkTypes()
    print(paint('dim', `watching ${[available, ...this.#settings.keys()].join(', ')}`))
  }

  /** Follows the files that settings come from; the configuration names another, and may come to name yet another. */
  #watchSettings(): void {
    const files = this.parts.settingsFiles()
    for (const [file, end] of this.#settings) {
      if (files.includes(file)) continue
      end()
      this.#settings.delete(file)
    }
    for (const file of files) {
      if (!this.#settings.has(file)) this.#settings.set(file, watchFile(file, () => { this.#work = this.#work.then(() => this.#configure(file)) }))
    }
  }

  async stop(): Promise<void> {
    this.#isOver = true
    for (const end of [this.#endWatch, ...this.#settings.values()]) end()
    await Promise.all([this.#host.stop(), this.#types?.stop()])
    await this.#work
  }

  async #take(names: ReadonlySet<string>): Promise<void> {
    if (this.#isOver) return
    const { print, paint } = this.parts
    const before = performance.now()
    const outcomes: boolean[] = []
    for (const name of names) outcomes.push(await this.#compile(name))
    if (outcomes.includes(false)) return
    const compiled = Math.round(performance.now() - before)
    await this.#host.take(names).then(
      (outcome) => print(paint('green', `${[...names].join(', ')}: compiled in ${compiled} ms, ${outcome}`)),
      (error: unknown) => print(paint('red', (error as Error).message)),
    )
  }

  /** Has the host run as it is configured now; what is wrong with that is told, and the host goes on with the one before. */
  async #configure(file: string): Promise<void> {
    if (this.#isOver) return
    const { checkSettings, print, paint } = this.parts
    try {
      checkSettings()
      this.#watchSettings()
      print(paint('green', `${basename(file)} has changed: ${await this.#host.startAnew()}`))
    } catch (error) {
      print(paint('red', `${(error as Error).message}\nThe host goes on as it was configured.`))
    }
  }

  /** Whether the plugin is compiled; what keeps it from that is printed, and the host goes on with what it has. */
  async #compile(name: string): Promise<boolean> {
    const { available, print, paint } = this.parts
    try {
      await compilePlugin(join(available, name))
      return true
    } catch (error) {
      print(paint('red', (error as Error).message))
      return false
    }
  }

  /** By the project's own TypeScript and its tsconfig.json; without either, types are not looked at. */
  #checkTypes(): void {
    const { root, print, paint } = this.parts
    const compiler = findCompiler(root)
    if (!compiler || !existsSync(join(root, 'tsconfig.json'))) return print(paint('dim', 'types are not checked: that takes "typescript" and a tsconfig.json'))
    const args = [compiler, '--noEmit', '--watch', '--preserveWatchOutput', '--pretty', 'false', '-p', root]
    this.#types = new ChildLines(args, root, (line) => {
      if (/ error TS\d+: |^\s+\S/.test(line)) print(paint('red', line))
      else if (/Found 0 errors/.test(line)) print(paint('green', 'types: no errors'))
    })
  }
}

function findCompiler(root: string): string | undefined {
  try {
    return createRequire(join(root, 'package.json')).resolve('typescript/bin/tsc')
  } catch {
    // A project of plain JavaScript need not have it.
    return undefined
  }
}
