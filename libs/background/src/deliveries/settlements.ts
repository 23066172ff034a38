/** Says that something is done with; what is said while the last is being stored is stored together. */
export class Settlements {
  #waiting: { n: number; resolve: () => void; reject: (error: unknown) => void }[] = []
  #isStoring = false

  constructor(private readonly store: (numbers: readonly number[]) => Promise<void>) {}

  add(n: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ n, resolve, reject })
      if (!this.#isStoring) void this.#run()
    })
  }

  async #run(): Promise<void> {
    this.#isStoring = true
    while (this.#waiting.length > 0) {
      const some = this.#waiting.splice(0)
      await this.store(some.map(({ n }) => n)).then(
        () => some.forEach(({ resolve }) => resolve()),
        (error: unknown) => some.forEach(({ reject }) => reject(error)),
      )
    }
    this.#isStoring = false
  }
}
