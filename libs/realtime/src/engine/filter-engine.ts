import { isAtPlace, isGeoFilter, matchesFilter } from '@app/storage'
import type { Condition, FieldCondition, Filter, Point, Properties } from '@app/storage'
import { Buckets } from './buckets.js'
import { chooseAnchors } from './choose-anchors.js'
import { ConditionIndex } from './condition-index.js'
import type { Entry } from './entry.js'

/** Fewer that stand together are tried one by one. */
const many = 16

/**
 * The filters of one collection, arranged so that finding those that match a document costs by what matches, not by what is registered.
 *
 * Each filter is entered under *anchors*: conditions of which one must hold if the filter is to match, chosen where the fewest others
 * stand ({@link chooseAnchors}). Where many stand all the same, they are arranged by what else they ask ({@link ConditionIndex}). A document
 * brings up the filters whose anchors it satisfies; each of those is then tried in full, once.
 */
export class FilterEngine {
  private readonly entries = new Map<string, Entry>()
  private readonly fields = new ConditionIndex()
  private readonly ids = new Buckets<string, Entry>()
  private readonly always = new Set<Entry>()
  private nextSerial = 0
  private documents = 0

  /** How many filters are registered. */
  get size(): number {
    return this.entries.size
  }

  has(id: string): boolean {
    return this.entries.has(id)
  }

  /** The ids of all filters, in the order of their registration. */
  filterIds(): string[] {
    return [...this.entries.keys()]
  }

  /**
   * Registers a filter. An id that is registered already keeps its filter.
   *
   * @param id - What {@link match} reports, usually the `filterId` of the filter.
   * @param filter - In normal form (`normalizeFilter`), else it is found but not found fast. Kept, so it must not change any more.
   */
  add(id: string, filter: Filter): void {
    if (this.entries.has(id)) return
    const { conditions, isExact, crowd } = chooseAnchors(filter, (condition) => this.crowdOf(condition))
    const entry: Entry = { serial: this.nextSerial++, id, filter, anchors: conditions, isExact, isDeep: conditions.length === 1 && crowd >= many, triedOn: 0 }
    this.entries.set(id, entry)
    for (const anchor of conditions) this.enter(anchor, entry)
  }

  /** Forgets a filter, and everything that was kept for it; says whether there was one. */
  remove(id: string): boolean {
    const entry = this.entries.get(id)
    if (entry === undefined) return false
    this.entries.delete(id)
    for (const anchor of entry.anchors) this.leave(anchor, entry)
    return true
  }

  /**
   * The ids of the filters that match a document, each once, in no particular order.
   *
   * @param documentId - What `ids` clauses look at; leave it out for a message that has none.
   */
  match(document: Properties, documentId?: string): string[] {
    const matching: string[] = []
    const current = ++this.documents
    const tryOut = (entry: Entry, point?: Point) => {
      if (entry.triedOn === current) return
      entry.triedOn = current
      const { filter } = entry
      // A place was brought up by a point, which need not be read again.
      const isMatch = entry.isExact || (point !== undefined && isGeoFilter(filter) ? isAtPlace(filter, point) : matchesFilter(filter, document, documentId))
      if (isMatch) matching.push(entry.id)
    }
    this.always.forEach((entry) => tryOut(entry))
    if (documentId !== undefined) this.ids.visit(documentId, document, tryOut)
    this.fields.visit(document, tryOut)
    return matching
  }

  private enter(anchor: Condition, entry: Entry): void {
    if (anchor.type === 'ids') for (const id of anchor.ids) this.ids.add(id, entry)
    else if (isAboutField(anchor)) this.fields.enter(anchor, entry)
    else this.always.add(entry)
  }

  private leave(anchor: Condition, entry: Entry): void {
    if (anchor.type === 'ids') for (const id of anchor.ids) this.ids.remove(id, entry)
    else if (isAboutField(anchor)) this.fields.leave(anchor, entry)
    else this.always.delete(entry)
  }

  private crowdOf(condition: Condition): number {
    if (condition.type === 'ids') return Math.max(...condition.ids.map((id) => this.ids.size(id)))
    return isAboutField(condition) ? this.fields.crowd(condition) : Infinity
  }
}

function isAboutField(condition: Condition): condition is FieldCondition {
  return 'field' in condition
}
