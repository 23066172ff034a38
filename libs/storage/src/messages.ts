/**
 * Messages between the hosts that work on one store. A host does not hear its own. What is sent while another host cannot be reached is
 * lost to it: {@link Messages.onGap} tells when that may have happened. Hosts on one SQLite file do not hear each other.
 */
export interface Messages {
  /**
   * Hands a message to the store; resolves once it is on its way.
   *
   * @param payload - JSON, of 1 MB at most
   * @throws `services.storage.invalid_argument` for what is no JSON or too long, `services.storage.not_connected`
   */
  send(topic: string, payload: unknown): Promise<void>
  /** Calls `listener` for each message of other hosts on the topic; returns what stops that. */
  on(topic: string, listener: (payload: unknown) => void): () => void
  /** Calls `listener` when messages may have been missed, since the connection was lost; returns what stops that. */
  onGap(listener: () => void): () => void
}
