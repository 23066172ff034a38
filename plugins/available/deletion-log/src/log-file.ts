import { appendFile, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'

/** A file that grows by lines of JSON, in the order they were given. */
export class LogFile {
  #writing: Promise<void> = Promise.resolve()

  constructor(private readonly path: string) {}

  /** Adds lines; resolves once they are written. A failed write does not keep later ones from being tried. */
  append(lines: readonly object[]): Promise<void> {
    const write = async (): Promise<void> => {
      await mkdir(dirname(this.path), { recursive: true })
      await appendFile(this.path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    }
    const result = this.#writing.then(write)
    this.#writing = result.catch(() => undefined)
    return result
  }

  /** Waits for what is under way. */
  flush(): Promise<void> {
    return this.#writing
  }
}
