import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { cleanEnvironment } from './run-host.js'

/** What a reader of a guide does next: write a file, type a command and see what it says, or end what runs. */
type Step =
  | { readonly file: string; readonly text: string }
  | { readonly command: string; readonly says: readonly string[] }
  | { readonly ends: true }

/** Every page that is written for authors and operators: what it shows, tests run. */
export const GUIDES = ['libs/sdk/docs', 'src/docs'].flatMap((folder) => readdirSync(folder).map((page) => join(folder, page)))

/** Other pages that show what to type. */
export const PAGES = ['README.md', ...['libs', 'plugins/available'].flatMap((folder) => readdirSync(folder).map((name) => join(folder, name, 'README.md')))].filter((page) => existsSync(page))

/** Milliseconds for what takes its time to say what the guide says it does. */
const PATIENCE = 120_000

/** Commands that go on until Ctrl+C. */
const STAYS = /^(env \w+=\S+ )?(npm start|npx mortise dev)\b/

/**
 * Reads the steps of a guide. A block after a line such as `` `src/index.ts`: `` is that file; in a block of `console`, lines after `$ `
 * are typed, `^C` ends what runs, and all others are what is said, with `…` for whatever differs.
 */
export function readGuide(text: string): Step[] {
  return [...text.matchAll(/(?:^`([^`\n]+)`:\n\n)?^```(\w+)\n([^]*?)^```$/gm)].flatMap(([, file, language, code = '']): Step[] => {
    if (file) return [{ file, text: code }]
    return language === 'console' ? readConsole(code) : []
  })
}

function readConsole(code: string): Step[] {
  const steps: Step[] = []
  for (const line of code.trimEnd().split('\n')) {
    const last = steps.at(-1)
    if (line === '^C') steps.push({ ends: true })
    else if (line.startsWith('$ ')) steps.push({ command: line.slice(2), says: [] })
    else if (last && 'command' in last) steps[steps.length - 1] = { ...last, says: [...last.says, line] }
    else throw new Error(`"${line}" is said before anything was typed.`)
  }
  return steps
}

/** A folder as `npm ci` leaves it, and a reader who does what a guide says. */
export class GuideReader {
  readonly root = mkdtempSync(join(tmpdir(), 'mortise-guide-'))
  readonly #running: { child: ChildProcess; said: string }[] = []
  #port = 0

  /**
   * @param variables - What the reader has in the environment, besides a port of their own in the place of 7512.
   * @param available - Plugins that are there to be enabled.
   */
  constructor(private readonly variables: Readonly<Record<string, string>> = {}, available: readonly string[] = []) {
    for (const folder of ['enabled', 'available']) mkdirSync(join(this.root, 'plugins', folder), { recursive: true })
    for (const name of available) symlinkSync(resolve('plugins/available', name), join(this.root, 'plugins/available', name))
    for (const name of ['hello-world', 'auth-local']) symlinkSync(resolve('plugins/available', name), join(this.root, 'plugins/enabled', name))
    symlinkSync(resolve('node_modules'), join(this.root, 'node_modules'))
    for (const path of ['eslint.config.mjs', 'test/house/floors.json']) cpSync(path, join(this.root, path))
    this.#write('tsconfig.json', JSON.stringify({ extends: resolve('tsconfig.json'), compilerOptions: { rootDir: '/', incremental: false }, include: ['plugins/available/*/src'] }))
    this.#write('jest.config.mjs', `
      import config from ${JSON.stringify(resolve('jest.config.mjs'))}
      export default { ...config, rootDir: ${JSON.stringify(resolve('.'))}, roots: [${JSON.stringify(join(this.root, 'plugins/available'))}] }`)
    // What `npm` and `npx` would run; this project's own are where npm would look for them.
    this.#tool('npx', `[ "$1" = mortise ] && shift && exec node ${resolve('dist/app/cli.js')} "$@"`)
    this.#tool('npm', `case "$1" in ci) exit 0;; start) exec node ${resolve('dist/app/main.js')};; test) shift 2; cd ${resolve('.')} && exec node --experimental-vm-modules --no-warnings node_modules/jest/bin/jest.js --testTimeout=120000 --config ${join(this.root, 'jest.config.mjs')} "$@";; esac; exit 64`)
  }

  /** @throws what was said instead, when that is not what the guide says, or when a command fails of which the guide says nothing */
  async follow(steps: readonly Step[]): Promise<void> {
    this.#port = await freePort()
    for (const step of steps) {
      if ('file' in step) this.#write(step.file, step.text)
      else if ('ends' in step) await this.#end()
      else if (STAYS.test(step.command)) await this.#start(step.command, step.says)
      else await this.#type(step.command, step.says)
    }
  }

  async close(): Promise<void> {
    while (this.#running.length > 0) await this.#end()
    rmSync(this.root, { recursive: true, force: true })
  }

  async #type(command: string, says: readonly string[]): Promise<void> {
    const until = Date.now() + PATIENCE
    for (;;) {
      const child = this.#spawn(command)
      const timer = setTimeout(() => kill(child.process), PATIENCE)
      const code = await new Promise<number | null>((done) => { child.process.on('close', done) })
      clearTimeout(timer)
      if (says.length === 0 ? code === 0 : tells(child.said(), this.#here(says))) return
      // A host that starts anew takes its time; nothing else is tried twice.
      if (!command.startsWith('curl') || Date.now() > until) throw new Error(`$ ${command}\n${child.said()}[${code}]\ninstead of\n${says.join('\n')}`)
      await pause(500)
    }
  }

  async #start(command: string, says: readonly string[]): Promise<void> {
    const child = this.#spawn(`exec ${command}`)
    const entry = { child: child.process, get said() { return child.said() } }
    this.#running.push(entry)
    const until = Date.now() + PATIENCE
    while (!tells(entry.said, this.#here(says))) {
      if (child.process.exitCode !== null || Date.now() > until) throw new Error(`$ ${command}\n${entry.said}instead of\n${says.join('\n')}`)
      await pause(50)
    }
  }

  async #end(): Promise<void> {
    const child = this.#running.pop()?.child
    if (!child || child.exitCode !== null) return
    const closed = new Promise((done) => { child.on('close', done) })
    child.kill('SIGINT')
    const timer = setTimeout(() => kill(child), PATIENCE)
    await closed
    clearTimeout(timer)
    if (child.signalCode === 'SIGKILL') throw new Error('What runs was asked to end, and did not.')
  }

  #spawn(command: string) {
    const child = spawn('sh', ['-c', this.#here([command])[0] ?? ''], { cwd: this.root, env: this.#environment(), detached: true })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { said += chunk.toString() })
    return { process: child, said: () => said }
  }

  #environment(): Record<string, string | undefined> {
    const { PATH, ...rest } = cleanEnvironment()
    return { ...rest, ...this.variables, PATH: `${join(this.root, 'bin')}:${PATH ?? ''}`, MORTISE_SERVER__PORT: String(this.#port) }
  }

  /** The port that a guide speaks of is the one that is free here. */
  #here(lines: readonly string[]): string[] {
    return lines.map((line) => line.replaceAll('localhost:7512', `localhost:${this.#port}`))
  }

  #write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true })
    writeFileSync(join(this.root, path), text)
  }

  #tool(name: string, script: string): void {
    this.#write(join('bin', name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(this.root, 'bin', name), 0o755)
  }
}

/** Ends a command and whatever it has started. */
const kill = ({ pid }: ChildProcess): void => void (pid !== undefined && process.kill(-pid, 'SIGKILL'))

/** A port that nobody listens on now. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => { server.listen(0, '127.0.0.1', done) })
  const { port } = server.address() as AddressInfo
  await new Promise((done) => { server.close(done) })
  return port
}

const pause = (milliseconds: number): Promise<void> => new Promise((done) => { setTimeout(done, milliseconds) })

/** Whether all lines are said, one after another, each from its beginning to its end. How wide columns are depends on what stands in them. */
function tells(said: string, lines: readonly string[]): boolean {
  const heard = said.split('\n')
  return lines.every((line) => {
    const pattern = new RegExp(`^${line.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/ {2,}/g, ' {2,}')).join('.*')}$`)
    const found = heard.findIndex((candidate) => pattern.test(candidate))
    heard.splice(0, found + 1)
    return found >= 0
  })
}
