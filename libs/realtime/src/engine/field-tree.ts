import { isObject } from '@app/storage'
import type { Properties } from '@app/storage'

interface Branch<Leaf> {
  leaf?: Leaf
  readonly children: Map<string, Branch<Leaf>>
}

/** Something for each field that somebody asks about, arranged like a document so that both are walked together. */
export class FieldTree<Leaf> {
  private readonly root: Branch<Leaf> = { children: new Map() }

  get isEmpty(): boolean {
    return this.root.children.size === 0
  }

  get(path: string): Leaf | undefined {
    let branch: Branch<Leaf> | undefined = this.root
    for (const key of path.split('.')) branch = branch?.children.get(key)
    return branch?.leaf
  }

  set(path: string, leaf: Leaf): void {
    let branch = this.root
    for (const key of path.split('.')) {
      const child = branch.children.get(key) ?? { children: new Map() }
      branch.children.set(key, child)
      branch = child
    }
    branch.leaf = leaf
  }

  delete(path: string): void {
    prune(this.root, path.split('.'))
  }

  /** Calls `visit` for each field that the document has and the tree knows. */
  visit(document: Properties, visit: (leaf: Leaf, value: unknown) => void): void {
    walk(this.root, document, visit)
  }
}

function prune<Leaf>(branch: Branch<Leaf>, [key, ...rest]: string[]): void {
  if (key === undefined) {
    delete branch.leaf
    return
  }
  const child = branch.children.get(key)
  if (child === undefined) return
  prune(child, rest)
  if (child.leaf === undefined && child.children.size === 0) branch.children.delete(key)
}

const few = 4

function walk<Leaf>(branch: Branch<Leaf>, document: Properties, visit: (leaf: Leaf, value: unknown) => void): void {
  const enter = (key: string, child: Branch<Leaf>) => {
    const value = document[key]
    if (value === undefined) return
    if (child.leaf !== undefined) visit(child.leaf, value)
    if (child.children.size > 0 && isObject(value)) walk(child, value, visit)
  }
  const askDocument = () => {
    for (const [key, child] of branch.children) if (Object.hasOwn(document, key)) enter(key, child)
  }
  // A few are quicker looked up than the document's keys are listed.
  if (branch.children.size <= few) return askDocument()
  const keys = Object.keys(document)
  if (branch.children.size < keys.length) return askDocument()
  for (const key of keys) {
    const child = branch.children.get(key)
    if (child !== undefined) enter(key, child)
  }
}
