/** Something that changed about people or rights. */
export type SecurityChange =
  | { readonly kind: 'role' | 'profile' | 'user'; readonly id: string }
  /** A token that ended before its time; without `id`, all tokens of the user. */
  | { readonly kind: 'token'; readonly userId: string; readonly id?: string }

/**
 * How the nodes of a cluster hear of each other's changes. Whoever implements
 * it carries a change, which is plain JSON, to all other nodes, each of which
 * then reads anew what the change names.
 */
export interface ChangeFeed {
  /** Tells the other nodes. Called once the change is stored and holds on this node. */
  tell(change: SecurityChange): void
  /** Calls `listener` for each change told by another node; returns what stops that. */
  onChange(listener: (change: SecurityChange) => void): () => void
}

/** For a host that is alone. */
export class NoOtherNodes implements ChangeFeed {
  tell(): void {}

  onChange(): () => void {
    return () => undefined
  }
}
