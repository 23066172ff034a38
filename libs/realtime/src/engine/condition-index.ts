import type { FieldCondition, Properties } from '@app/storage'
import type { Deeper, Depth } from './crowd.js'
import { nextCondition, type Asked, type Entry, type Part, type Visit } from './entry.js'
import { FieldIndex } from './field-index.js'
import { FieldTree } from './field-tree.js'

/**
 * Entries by conditions on fields. Where many stand under one condition they are arranged once more, by the next that they ask for, in an
 * index of the same kind: whoever is found by a city that thousands ask for is found by its range among those.
 */
export class ConditionIndex implements Deeper<Entry> {
  private readonly fields = new FieldTree<FieldIndex>()

  /** @param asked - What those in here were found by already. */
  constructor(private readonly asked: readonly Asked[] = []) {}

  get isEmpty(): boolean {
    return this.fields.isEmpty
  }

  /** Enters an entry under a condition. */
  enter(condition: FieldCondition, entry: Entry): void {
    this.indexOf(condition.field).add(condition, entry)
  }

  leave(condition: FieldCondition, entry: Entry): void {
    const index = this.fields.get(condition.field)
    index?.remove(condition, entry)
    if (index?.isEmpty) this.fields.delete(condition.field)
  }

  /** About how many entries a document brings up that satisfies the condition. */
  crowd(condition: FieldCondition): number {
    return this.fields.get(condition.field)?.crowd(condition) ?? 0
  }

  add(entry: Entry): void {
    this.enter(nextCondition(entry, this.asked)!, entry)
  }

  remove(entry: Entry): void {
    this.leave(nextCondition(entry, this.asked)!, entry)
  }

  visit(document: Properties, visit: Visit): void {
    this.fields.visit(document, (index, value) => index.visit(value, document, visit))
  }

  private indexOf(field: string): FieldIndex {
    const known = this.fields.get(field)
    if (known !== undefined) return known
    const index = new FieldIndex((part) => this.below(field, part))
    this.fields.set(field, index)
    return index
  }

  private below(field: string, part: Part): Depth<Entry> {
    const asked = [...this.asked, { field, part }]
    return { accepts: (entry) => nextCondition(entry, asked) !== undefined, create: () => new ConditionIndex(asked) }
  }
}
