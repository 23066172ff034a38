import { boxAround, intervalOf, isScalar, parsePoint } from '@app/storage'
import type { FieldCondition, Properties, RangeFilter, Scalar } from '@app/storage'
import { Buckets } from './buckets.js'
import type { Depth } from './crowd.js'
import type { Entry, Part, Visit } from './entry.js'
import { GeoGrid } from './geo-grid.js'
import { IntervalGrid } from './interval-grid.js'
import { IntervalTree } from './interval-tree.js'

/** What a field that is there at all holds, besides its elements if it is an array. */
const anything = Symbol('anything')

/**
 * Which conditions on one field may hold for a value? Exact for `equals`, `in`, `exists` and for ranges of entries that ask for nothing
 * else; a superset for the others. Parts are made when they are needed: most fields are asked about in one way.
 */
export class FieldIndex {
  private values?: Buckets<Scalar, Entry>
  private contents?: Buckets<Scalar | typeof anything, Entry>
  private ranges?: IntervalTree<Entry>
  /** Ranges of entries that ask for more. */
  private pieces?: IntervalGrid<Entry>
  private places?: GeoGrid<Entry>
  private pieceDepth?: Depth<Entry>

  /** @param below - How those that stand together in a part are told apart. */
  constructor(private readonly below: (part: Part) => Depth<Entry>) {}

  get isEmpty(): boolean {
    return [this.values, this.contents, this.ranges, this.pieces, this.places].every((part) => part?.isEmpty ?? true)
  }

  add(condition: FieldCondition, entry: Entry): void {
    this.change('add', condition, entry)
  }

  /** The entry must have been added under this very condition. */
  remove(condition: FieldCondition, entry: Entry): void {
    this.change('remove', condition, entry)
  }

  /** About how many entries a value brings up that satisfies the condition. */
  crowd(condition: FieldCondition): number {
    switch (condition.type) {
      case 'equals': return sizeAt(this.values, condition.value)
      case 'in': return Math.max(...condition.values.map((value) => sizeAt(this.values, value)))
      case 'range': return this.crowdAt(middleOf(condition))
      case 'exists': return sizeAt(this.contents, contentOf(condition.element))
      case 'regexp': case 'match': case 'select': return sizeAt(this.contents, anything)
      default: return this.places?.crowd(boxAround(condition)) ?? 0
    }
  }

  /** Calls `visit` with each entry whose condition may hold for the value; with some more than once. */
  visit(value: unknown, document: Properties, visit: Visit): void {
    if (this.contents !== undefined) this.visitContents(this.contents, value, document, visit)
    if (this.values !== undefined && isScalar(value)) this.values.visit(value, document, visit)
    if (typeof value === 'number') {
      this.ranges?.visit(value, visit)
      this.pieces?.visit(value, document, visit)
    }
    if (this.places === undefined) return
    const point = parsePoint(value)
    if (point !== undefined) this.places.visit(point, document, visit)
  }

  private visitContents(contents: NonNullable<FieldIndex['contents']>, value: unknown, document: Properties, visit: Visit): void {
    contents.visit(anything, document, visit)
    if (Array.isArray(value)) for (const element of value as unknown[]) if (isScalar(element)) contents.visit(element, document, visit)
  }

  private change(change: 'add' | 'remove', condition: FieldCondition, entry: Entry): void {
    switch (condition.type) {
      case 'equals': return this.valueBuckets()[change](condition.value, entry)
      case 'in': return new Set(condition.values).forEach((value) => this.valueBuckets()[change](value, entry))
      case 'range': return this.changeRange(change, condition, entry)
      case 'exists': return this.contentBuckets()[change](contentOf(condition.element), entry)
      case 'regexp': case 'match': case 'select': return this.contentBuckets()[change](anything, entry)
      default: return this.grid()[change](boxAround(condition), entry)
    }
  }

  /** A tree finds the very ranges; a grid more than those, which may then be told apart by what else they ask. */
  private changeRange(change: 'add' | 'remove', condition: RangeFilter, entry: Entry): void {
    const interval = intervalOf(condition)
    this.pieceDepth ??= this.below('ranges')
    if (IntervalGrid.takes(interval) && this.pieceDepth.accepts(entry)) (this.pieces ??= new IntervalGrid(this.pieceDepth))[change](interval, entry)
    else (this.ranges ??= new IntervalTree())[change](interval, entry)
  }

  private valueBuckets(): Buckets<Scalar, Entry> {
    return (this.values ??= new Buckets(this.below('values')))
  }

  private contentBuckets(): Buckets<Scalar | typeof anything, Entry> {
    return (this.contents ??= new Buckets(this.below('contents')))
  }

  private grid(): GeoGrid<Entry> {
    return (this.places ??= new GeoGrid(this.below('places')))
  }

  private crowdAt(value: number): number {
    return (this.ranges?.estimate(value) ?? 0) + (this.pieces?.crowd(value) ?? 0)
  }
}

function sizeAt<Key>(buckets: Buckets<Key, Entry> | undefined, key: Key): number {
  return buckets?.size(key) ?? 0
}

function contentOf(element: Scalar | undefined): Scalar | typeof anything {
  return element === undefined ? anything : element
}

function middleOf(range: RangeFilter): number {
  const { low, high } = intervalOf(range)
  if (low === -Infinity || high === Infinity) return low === -Infinity ? high : low
  return low + (high - low) / 2
}
