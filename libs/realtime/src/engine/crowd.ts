import type { Properties } from '@app/storage'

/** Members that are told apart by what else they ask of a document. */
export interface Deeper<Member> {
  readonly isEmpty: boolean
  add(member: Member): void
  remove(member: Member): void
  visit(document: Properties, visit: (member: Member) => void): void
}

/** How members that stand together can be told apart. */
export interface Depth<Member> {
  /** Whether the member asks for anything else that can be looked up. */
  accepts(member: Member): boolean
  create(): Deeper<Member>
}

/** Many members that stand under one key: those that ask for more are arranged by that. */
export class Crowd<Member> {
  private readonly plain = new Set<Member>()
  private readonly deeper: Deeper<Member>
  private deep = 0

  constructor(private readonly depth: Depth<Member>, members: Iterable<Member>) {
    this.deeper = depth.create()
    for (const member of members) this.add(member)
  }

  get size(): number {
    return this.plain.size + this.deep
  }

  /** A member that asks for more must not be here yet. */
  add(member: Member): void {
    if (!this.depth.accepts(member)) {
      this.plain.add(member)
      return
    }
    this.deep++
    this.deeper.add(member)
  }

  remove(member: Member): void {
    if (!this.depth.accepts(member)) {
      this.plain.delete(member)
      return
    }
    this.deep--
    this.deeper.remove(member)
  }

  visit(document: Properties, visit: (member: Member) => void): void {
    for (const member of this.plain) visit(member)
    this.deeper.visit(document, visit)
  }
}
