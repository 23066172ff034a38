/** One end of a way between two threads or processes. What is sent arrives as a structured clone, in order. */
export interface Port {
  /** @throws at once, and sends nothing, when the message holds what cannot be cloned. */
  send(message: unknown): void
  /** @param onGarbage - Told of what arrives and is no message; nothing is heard after it. */
  onMessage(listener: (message: unknown) => void, onGarbage: (fault: Error) => void): void
}
