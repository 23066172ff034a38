import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { namesIn } from '@app/packages'
import { compilePlugin } from '../build/compile-plugin.js'
import { ChildLines } from './child-lines.js'
import { renderLog, type Paint } from './render-log.js'
import { watchPlugins } from './watch-plugins.js'

/** What `mortise dev` works with. Paths are absolute. */
export interface DevParts {
  readonly root: string
  readonly available: string
  /** What Node is given to run the host: its script and arguments. */
  readonly hostArgs: readonly string[]
  readonly print: (text: string) => void
  readonly paint: Paint
}

/**
 * One sitting of development: compiles plugins as they change and starts the
 * host anew, prints its log with the requests that go through it, and what
 * TypeScript has to say about types.
 */
export class DevSession {
  #host: ChildLines | undefined
  #types: ChildLines | undefined
  #unwatch: (() => void) | undefined
  /** Changes are worked off one after another. */
  #work: Promise<void> = Promise.resolve()
  #isOver = false

  constructor(private readonly parts: DevParts) {}

  /** Compiles everything, starts the host and the compiler, and begins to watch. */
  async start(): Promise<void> {
    const { available, print } = this.parts
    this.#unwatch = watchPlugins(available, (names) => { this.#work = this.#work.then(() => this.#take(names)) })
    for (const name of await namesIn(available)) await this.#compile(name)
    this.#startHost()
    this.#checkTypes()
    print(this.parts.paint('dim', `watching ${available}`))
  }

  async stop(): Promise<void> {
    this.#isOver = true
    this.#unwatch?.()
    await this.#work
    await Promise.all([this.#host?.stop(), this.#types?.stop()])
  }

  async #take(names: ReadonlySet<string>): Promise<void> {
    if (this.#isOver) return
    const before = performance.now()
    const outcomes: boolean[] = []
    for (const name of names) outcomes.push(await this.#compile(name))
    if (outcomes.includes(false)) return
    const compiled = performance.now()
    await this.#host?.stop()
    this.#startHost()
    this.parts.print(this.parts.paint('green', `${[...names].join(', ')}: compiled in ${Math.round(compiled - before)} ms, the host starts anew`))
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

  #startHost(): void {
    const { root, hostArgs, print, paint } = this.parts
    const host = new ChildLines(hostArgs, root, (line) => print(renderLog(line, paint)))
    this.#host = host
    void host.ended.then((code) => {
      if (!this.#isOver && this.#host === host && code !== 0 && code !== null) print(paint('red', `The host has ended with ${code}. It starts anew at the next change.`))
    })
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
