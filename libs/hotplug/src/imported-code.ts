import { lastChange } from '@app/packages'

/** How a folder's code stands to what this process has in memory. */
export interface CodeState {
  /** When it was changed last, to be noted once it is loaded. */
  readonly change: number
  /** Nothing of it was ever imported. */
  readonly isNew: boolean
  /** What was imported is not what lies there now. */
  readonly isChanged: boolean
  /** It is what a plugin was loaded from before, here or elsewhere. */
  readonly isProven: boolean
  /** Modules under their own names are not what lies there: it takes copies, once more after each. */
  readonly needsCopy: boolean
}

/** Remembers what of plugins' code this process has imported: no module ever leaves its memory. */
export class ImportedCode {
  /** When the code was changed last that is in memory; `undefined` where it was imported as the process began. */
  readonly #changes = new Map<string, number | undefined>()
  /** When the code was changed last that a plugin was loaded from, wherever it runs. */
  readonly #loaded = new Map<string, number>()
  /** Folders of which copies were imported since. */
  readonly #copied = new Set<string>()
  readonly #began = Date.now()

  /** @param isRunning - Whether it runs: then it was imported, noted or not. */
  async stateOf(folder: string, isRunning: boolean): Promise<CodeState> {
    const change = await lastChange(folder)
    const known = this.#changes.get(folder)
    const isNew = !isRunning && !this.#changes.has(folder)
    const isChanged = known === undefined ? !isNew && change > this.#began : change !== known
    const isProven = !isNew && (!isChanged || this.#loaded.get(folder) === change)
    return { change, isNew, isChanged, isProven, needsCopy: isChanged || this.#copied.has(folder) }
  }

  /** What lies in the folder has been loaded, and into this process unless that has other code of it in memory: as a copy or under its own name. */
  note(folder: string, { change, isChanged, isCopy }: { change: number; isChanged: boolean; isCopy: boolean }): void {
    this.#loaded.set(folder, change)
    if (isCopy || !isChanged) this.#changes.set(folder, change)
    if (isCopy) this.#copied.add(folder)
  }

  /** Something that runs is taken out; its modules stay. */
  keep(folder: string): void {
    if (!this.#changes.has(folder)) this.#changes.set(folder, undefined)
  }
}
