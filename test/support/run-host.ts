import { spawn, type ChildProcess } from 'node:child_process'
import { resolve } from 'node:path'

/** What a process said, and how it ended. */
export interface Outcome {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Variables of a person's shell, or of the test run, that would change what is tested. */
export const cleanEnvironment = (): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MORTISE_') && !['NODE_OPTIONS', 'TOKIO_WORKER_THREADS'].includes(name)))

/** A process of the built host or its command line, in a folder of its own. */
export class HostProcess {
  #out = ''
  #err = ''
  readonly ended: Promise<Outcome>
  readonly #child: ChildProcess

  /** @param script - An entry of the build by its name, or a file. */
  constructor(script: string, { cwd, args = [], env = {} }: { cwd: string; args?: readonly string[]; env?: Record<string, string> }) {
    this.#child = spawn(process.execPath, [script.endsWith('.js') ? script : resolve(`dist/app/${script}.js`), ...args], { cwd, env: { ...cleanEnvironment(), ...env } })
    this.#child.stdout?.on('data', (chunk: Buffer) => { this.#out += chunk.toString() })
    this.#child.stderr?.on('data', (chunk: Buffer) => { this.#err += chunk.toString() })
    this.ended = new Promise((done) => {
      this.#child.on('close', (code) => done({ code, out: this.#out, err: this.#err }))
    })
  }

  get out(): string {
    return this.#out
  }

  /** What it said on standard error, which is where it says why it ends. */
  get err(): string {
    return this.#err
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** Resolves to where it listens, once it says so. @throws with everything it said, when it ends before */
  async listening(): Promise<string> {
    const port = await this.said(/listens on http:\/\/localhost:(\d+)/)
    await this.said(/access .*\n/)
    return `http://127.0.0.1:${port}`
  }

  /** Resolves to the first group of what it says on standard output. @throws when it ends before it says so */
  async said(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.#out)
      if (found) return found[1] ?? found[0]
      if (this.#child.exitCode !== null) throw new Error(`It ended with ${this.#child.exitCode} and said:\n${this.#out}${this.#err}`)
      await new Promise((next) => { setTimeout(next, 5) })
    }
  }

  /** Types on its standard input, to the end. */
  type(text: string): void {
    this.#child.stdin?.end(text)
  }

  /** Asks it to stop, and yields how it ended. */
  stop(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL' = 'SIGTERM'): Promise<Outcome> {
    this.#child.kill(signal)
    return this.ended
  }
}

/** Starts `node dist/app/main.js` on a free port. */
export const runHost = (cwd: string, { args, env = {} }: { args?: readonly string[]; env?: Record<string, string> } = {}): HostProcess =>
  new HostProcess('main', { cwd, args, env: { MORTISE_SERVER__PORT: '0', MORTISE_LOGGING__LEVEL: 'warn', ...env } })

/** Types a command, and yields how it ended. */
export const runCommand = (cwd: string, args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> =>
  new HostProcess('cli', { cwd, args, env }).ended
