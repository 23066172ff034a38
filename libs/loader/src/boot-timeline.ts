/** How the start of one plugin went. */
interface BootStep {
  readonly name: string
  readonly milliseconds: number
  readonly end: 'started' | 'failed' | 'not finished'
}

/** What the time of a boot goes to: each plugin that was started, in order. */
export class BootTimeline {
  readonly #steps: BootStep[] = []

  add(name: string, milliseconds: number, end: BootStep['end']): void {
    this.#steps.push({ name, milliseconds, end })
  }

  /** A line a plugin. Empty as long as none has kept the boot waiting for as long as it was allowed to. */
  toString(): string {
    if (!this.#steps.some(({ end }) => end === 'not finished')) return ''
    const width = Math.max(...this.#steps.map(({ name }) => name.length))
    const rows = this.#steps.map(({ name, milliseconds, end }) =>
      `  ${name.padEnd(width)}  ${milliseconds.toFixed(1).padStart(9)} ms${end === 'started' ? '' : `  ${end}`}`)
    return `The start so far, plugin by plugin:\n${rows.join('\n')}`
  }
}
