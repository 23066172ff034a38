/** Members in the order of their scores, those of one score in the order of their bytes. */
export class SortedSet {
  readonly #scores = new Map<string, number>()
  #ranked: [member: string, score: number][] | undefined

  get size(): number {
    return this.#scores.size
  }

  /** Sorted when it is asked for, and kept until a member comes, goes or moves. */
  get ranked(): readonly [member: string, score: number][] {
    return (this.#ranked ??= [...this.#scores].sort(([a, low], [b, high]) => low - high || compareBytes(a, b)))
  }

  score(member: string): number | undefined {
    return this.#scores.get(member)
  }

  set(member: string, score: number): void {
    this.#scores.set(member, score)
    this.#ranked = undefined
  }

  delete(member: string): boolean {
    this.#ranked = undefined
    return this.#scores.delete(member)
  }

  rank(member: string): number {
    return this.ranked.findIndex(([name]) => name === member)
  }
}

export const compareBytes = (a: string, b: string): number => (a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b)))
