import type { Logger } from '@mortise/sdk'
import type { Messages } from '@app/storage'

/** Something that changed about people or rights. */
export type SecurityChange =
  | { readonly kind: 'role' | 'profile' | 'user'; readonly id: string }
  /** A token that ended before its time; without `id`, all tokens of the user. */
  | { readonly kind: 'token'; readonly userId: string; readonly id?: string }
  /** Any of these: some changes may not have been heard. */
  | { readonly kind: 'anything' }

/**
 * How the nodes of a cluster hear of each other's changes. Whoever implements
 * it carries a change, which is plain JSON, to all other nodes, each of which
 * then reads anew what the change names.
 */
export interface ChangeFeed {
  /** Tells the other nodes. Called once the change is stored and holds on this node. */
  tell(change: SecurityChange): void
  /**
   * Calls `listener` for each change told by another node, and with `anything` when some may have been missed; returns what stops that,
   * and all else that the feed does.
   */
  onChange(listener: (change: SecurityChange) => void): () => void
}

const TOPIC = 'security'
const RETRY_AFTER = 1000

/** Changes go by the messages of the store, which all hosts on one PostgreSQL schema hear. */
export class StoreFeed implements ChangeFeed {
  #retry: NodeJS.Timeout | undefined
  #isOpen = false

  constructor(private readonly messages: Messages, private readonly logger: Logger) {}

  /** What cannot be sent is made up for: the others are told that anything may have changed, as soon as they can be reached. */
  tell(change: SecurityChange): void {
    this.messages.send(TOPIC, change).catch((error: unknown) => {
      this.logger.warn(`Other nodes were not told that security changed, and will be: ${String(error)}`)
      if (this.#isOpen) this.#retry ??= setTimeout(() => this.#tellAnything(), RETRY_AFTER).unref()
    })
  }

  onChange(listener: (change: SecurityChange) => void): () => void {
    this.#isOpen = true
    const stops = [
      this.messages.on(TOPIC, (change) => listener(change as SecurityChange)),
      this.messages.onGap(() => listener({ kind: 'anything' })),
    ]
    return () => {
      this.#isOpen = false
      clearTimeout(this.#retry)
      for (const stop of stops) stop()
    }
  }

  #tellAnything(): void {
    this.#retry = undefined
    this.tell({ kind: 'anything' })
  }
}
