import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'

/** A process whose output is read by lines. Nothing is said on its standard input, which ends with this process, however that ends. */
export class ChildLines {
  readonly #child: ChildProcess
  readonly ended: Promise<number | null>

  constructor(args: readonly string[], cwd: string, onLine: (line: string) => void) {
    this.#child = spawn(process.execPath, args, { cwd, stdio: ['pipe', 'pipe', 'pipe'] })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', onLine)
    }
    this.ended = new Promise((done) => { this.#child.once('close', done) })
  }

  /** Asks it to end and waits until it has; after `patience` milliseconds it is made to. */
  async stop(patience = 5_000): Promise<void> {
    this.#child.kill('SIGTERM')
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), patience)
    await this.ended
    clearTimeout(timer)
  }
}
