import type { Properties } from '@app/storage'
import { Crowd, type Depth } from './crowd.js'

/** One member stands for itself: most buckets never hold more, and a set costs ten times as much memory. */
type Bucket<Member> = Member | Set<Member> | Crowd<Member>

/** With more members than this, a bucket tells apart those that can be told apart. */
const crowded = 32

/** Members by key, many to a key. Costs nothing for keys without members. */
export class Buckets<Key, Member extends object> {
  private readonly buckets = new Map<Key, Bucket<Member>>()

  /** @param depth - How members of one key are told apart; they are not when it is absent. */
  constructor(private readonly depth?: Depth<Member>) {}

  get isEmpty(): boolean {
    return this.buckets.size === 0
  }

  add(key: Key, member: Member): void {
    const bucket = this.buckets.get(key)
    if (bucket === undefined) this.buckets.set(key, member)
    else if (bucket instanceof Crowd) bucket.add(member)
    else if (bucket instanceof Set) this.buckets.set(key, this.grown(bucket.add(member), member))
    else if (bucket !== member) this.buckets.set(key, new Set([bucket, member]))
  }

  remove(key: Key, member: Member): void {
    const bucket = this.buckets.get(key)
    if (bucket instanceof Crowd) {
      bucket.remove(member)
      if (bucket.size === 0) this.buckets.delete(key)
    } else if (bucket instanceof Set) {
      bucket.delete(member)
      if (bucket.size === 1) this.buckets.set(key, bucket.values().next().value!)
    } else if (bucket === member) this.buckets.delete(key)
  }

  size(key: Key): number {
    const bucket = this.buckets.get(key)
    if (bucket === undefined) return 0
    return bucket instanceof Set || bucket instanceof Crowd ? bucket.size : 1
  }

  visit(key: Key, document: Properties, visit: (member: Member) => void): void {
    const bucket = this.buckets.get(key)
    if (bucket === undefined) return
    if (bucket instanceof Set) for (const member of bucket) visit(member)
    else if (bucket instanceof Crowd) bucket.visit(document, visit)
    else visit(bucket)
  }

  private grown(bucket: Set<Member>, added: Member): Bucket<Member> {
    return bucket.size > crowded && this.depth?.accepts(added) === true ? new Crowd(this.depth, bucket) : bucket
  }
}
