import { boxAround, intervalOf, isScalar, parsePoint } from '@app/storage'
import type { FieldCondition, RangeFilter, Scalar } from '@app/storage'
import { Buckets } from './buckets.js'
import { GeoGrid } from './geo-grid.js'
import { IntervalTree } from './interval-tree.js'

/** What a field that is there at all holds, besides its elements if it is an array. */
const anything = Symbol('anything')

/** Which conditions on one field may hold for a value? Exact for `equals`, `in`, `exists` and `range`; a superset for the others. */
export class FieldIndex<Member extends { serial: number }> {
  private readonly values = new Buckets<Scalar, Member>()
  private readonly contents = new Buckets<Scalar | typeof anything, Member>()
  private readonly ranges = new IntervalTree<Member>()
  private readonly places = new GeoGrid<Member>()

  get isEmpty(): boolean {
    return [this.values, this.contents, this.ranges, this.places].every((part) => part.isEmpty)
  }

  add(condition: FieldCondition, member: Member): void {
    this.change('add', condition, member)
  }

  /** The member must have been added under this very condition. */
  remove(condition: FieldCondition, member: Member): void {
    this.change('remove', condition, member)
  }

  private change(change: 'add' | 'remove', condition: FieldCondition, member: Member): void {
    switch (condition.type) {
      case 'equals': return this.values[change](condition.value, member)
      case 'in': return condition.values.forEach((value) => this.values[change](value, member))
      case 'range': return this.ranges[change](intervalOf(condition), member)
      case 'exists': return this.contents[change](contentOf(condition.element), member)
      case 'regexp': case 'match': case 'select': return this.contents[change](anything, member)
      default: return this.places[change](boxAround(condition), member)
    }
  }

  /** About how many members a value brings up that satisfies the condition. */
  crowd(condition: FieldCondition): number {
    switch (condition.type) {
      case 'equals': return this.values.size(condition.value)
      case 'in': return Math.max(...condition.values.map((value) => this.values.size(value)))
      case 'range': return this.ranges.estimate(middleOf(condition))
      case 'exists': return this.contents.size(contentOf(condition.element))
      case 'regexp': case 'match': case 'select': return this.contents.size(anything)
      default: return this.places.crowd(boxAround(condition))
    }
  }

  /** Calls `visit` with each member whose condition may hold for the value; with some more than once. */
  visit(value: unknown, visit: (member: Member) => void): void {
    this.contents.visit(anything, visit)
    if (isScalar(value)) this.values.visit(value, visit)
    if (typeof value === 'number') this.ranges.visit(value, visit)
    if (Array.isArray(value) && !this.contents.isEmpty) for (const element of value as unknown[]) if (isScalar(element)) this.contents.visit(element, visit)
    const point = this.places.isEmpty ? undefined : parsePoint(value)
    if (point !== undefined) this.places.visit(point, visit)
  }
}

function contentOf(element: Scalar | undefined): Scalar | typeof anything {
  return element === undefined ? anything : element
}

function middleOf(range: RangeFilter): number {
  const { low, high } = intervalOf(range)
  if (low === -Infinity || high === Infinity) return low === -Infinity ? high : low
  return low + (high - low) / 2
}
