/** The built host as a process, in the folder of an engine. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'

const script = resolve('dist/app/main.js')

export class HostProcess {
  #child
  #out = ''
  #err = ''

  constructor({ folder, environment }) {
    const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MORTISE_') && name !== 'NODE_OPTIONS'))
    const settings = { MORTISE_SERVER__PORT: '0', MORTISE_SERVER__HOST: '127.0.0.1', MORTISE_LOGGING__LEVEL: 'warn', ...environment }
    this.#child = spawn(process.execPath, [script], { cwd: folder, env: { ...own, ...settings } })
    this.#child.stdout.on('data', (chunk) => { this.#out += chunk })
    this.#child.stderr.on('data', (chunk) => { this.#err += chunk })
  }

  /** The port it listens on, once it does. @throws with what it said, when it ends before */
  async listening() {
    for (;;) {
      const found = /listens on http:\/\/localhost:(\d+)/.exec(this.#out)
      if (found) return Number(found[1])
      if (this.#child.exitCode !== null) throw new Error(`The host ended by itself and said:\n${this.#out}${this.#err}`)
      await new Promise((next) => { setTimeout(next, 2) })
    }
  }

  /** Lines of its log that warn or tell an error. */
  get complaints() {
    return `${this.#out}\n${this.#err}`.split('\n').filter((line) => /^\{"level":[45]0/.test(line))
  }

  async kill() {
    if (this.#child.exitCode !== null) return
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await ended
  }
}
