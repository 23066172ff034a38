import type { Interval } from '@app/storage'

interface Node<Member> extends Interval {
  member: Member
  /** Random: a tree whose nodes stand under those of greater weight stays shallow whatever the order of insertion (a treap). */
  weight: number
  /** The highest `high` in this node and below: what lets a search skip whole branches. */
  reach: number
  left: Node<Member> | undefined
  right: Node<Member> | undefined
}

const sampleSize = 100

/**
 * Which intervals contain a number? Adding and removing take logarithmic time, and so does each answer of a search.
 * Members with equal intervals are told apart by their `serial`.
 */
export class IntervalTree<Member extends { serial: number }> {
  private root: Node<Member> | undefined
  private size = 0

  get isEmpty(): boolean {
    return this.size === 0
  }

  add({ low, high }: Interval, member: Member): void {
    this.size++
    this.root = insert(this.root, { low, high, member, weight: Math.random(), reach: high, left: undefined, right: undefined })
  }

  /** The interval must be in the tree, with this member. */
  remove({ low }: Interval, member: Member): void {
    this.size--
    this.root = without(this.root, low, member.serial)
  }

  /** Calls `visit` with the member of each interval that contains `value`. */
  visit(value: number, visit: (member: Member) => void): void {
    visitNode(this.root, value, visit)
  }

  /** How many intervals contain `value`: exactly while they are few, roughly when they are many. */
  estimate(value: number): number {
    const count = countNode(this.root, value, sampleSize)
    return count < sampleSize ? count : Math.max(count, this.extrapolate(value))
  }

  /** Chance decides which nodes stand on top, so these are a fair sample of all. */
  private extrapolate(value: number): number {
    const sample = [this.root!]
    for (let place = 0; place < sample.length && sample.length < sampleSize; place++) {
      const { left, right } = sample[place]!
      if (left !== undefined) sample.push(left)
      if (right !== undefined) sample.push(right)
    }
    const hits = sample.filter(({ low, high }) => low <= value && value <= high).length
    return Math.round((hits * this.size) / sample.length)
  }
}

/** Stops counting at `limit`. */
function countNode<Member>(node: Node<Member> | undefined, value: number, limit: number): number {
  let count = 0
  while (node !== undefined && node.reach >= value && count < limit) {
    count += countNode(node.left, value, limit - count)
    if (node.low > value) return count
    if (node.high >= value) count++
    node = node.right
  }
  return count
}

function visitNode<Member>(node: Node<Member> | undefined, value: number, visit: (member: Member) => void): void {
  while (node !== undefined && node.reach >= value) {
    visitNode(node.left, value, visit)
    if (node.low > value) return
    if (node.high >= value) visit(node.member)
    node = node.right
  }
}

function isBefore<Member extends { serial: number }>(node: Node<Member>, low: number, serial: number): boolean {
  return node.low < low || (node.low === low && node.member.serial < serial)
}

function insert<Member extends { serial: number }>(node: Node<Member> | undefined, added: Node<Member>): Node<Member> {
  if (node === undefined) return added
  if (added.weight > node.weight) {
    [added.left, added.right] = split(node, added.low, added.member.serial)
    return measured(added)
  }
  if (isBefore(node, added.low, added.member.serial)) node.right = insert(node.right, added)
  else node.left = insert(node.left, added)
  return measured(node)
}

/** The nodes before a place in the order, and the others. */
function split<Member extends { serial: number }>(node: Node<Member> | undefined, low: number, serial: number): [Node<Member>?, Node<Member>?] {
  if (node === undefined) return [undefined, undefined]
  if (isBefore(node, low, serial)) {
    const [before, after] = split(node.right, low, serial)
    node.right = before
    return [measured(node), after]
  }
  const [before, after] = split(node.left, low, serial)
  node.left = after
  return [before, measured(node)]
}

function without<Member extends { serial: number }>(node: Node<Member> | undefined, low: number, serial: number): Node<Member> | undefined {
  if (node === undefined) return undefined
  if (node.low === low && node.member.serial === serial) return join(node.left, node.right)
  if (isBefore(node, low, serial)) node.right = without(node.right, low, serial)
  else node.left = without(node.left, low, serial)
  return measured(node)
}

function join<Member>(left: Node<Member> | undefined, right: Node<Member> | undefined): Node<Member> | undefined {
  if (left === undefined || right === undefined) return left ?? right
  if (left.weight > right.weight) {
    left.right = join(left.right, right)
    return measured(left)
  }
  right.left = join(left, right.left)
  return measured(right)
}

function measured<Member>(node: Node<Member>): Node<Member> {
  node.reach = Math.max(node.high, node.left?.reach ?? -Infinity, node.right?.reach ?? -Infinity)
  return node
}
