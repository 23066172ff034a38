/** One member stands for itself: most buckets never hold more, and a set costs ten times as much memory. */
type Bucket<Member> = Member | Set<Member>

/** Members by key, many to a key. Costs nothing for keys without members. */
export class Buckets<Key, Member extends object> {
  private readonly buckets = new Map<Key, Bucket<Member>>()

  get isEmpty(): boolean {
    return this.buckets.size === 0
  }

  add(key: Key, member: Member): void {
    const bucket = this.buckets.get(key)
    if (bucket === undefined) this.buckets.set(key, member)
    else if (bucket instanceof Set) bucket.add(member)
    else if (bucket !== member) this.buckets.set(key, new Set([bucket, member]))
  }

  remove(key: Key, member: Member): void {
    const bucket = this.buckets.get(key)
    if (bucket instanceof Set) {
      bucket.delete(member)
      if (bucket.size === 1) this.buckets.set(key, bucket.values().next().value!)
    } else if (bucket === member) this.buckets.delete(key)
  }

  size(key: Key): number {
    const bucket = this.buckets.get(key)
    if (bucket === undefined) return 0
    return bucket instanceof Set ? bucket.size : 1
  }

  visit(key: Key, visit: (member: Member) => void): void {
    const bucket = this.buckets.get(key)
    if (bucket === undefined) return
    if (bucket instanceof Set) bucket.forEach(visit)
    else visit(bucket)
  }
}
