/** One end of a way between two threads or processes. What is sent arrives as a structured clone, in order. */
export interface Port {
  /** @throws at once, and sends nothing, when the message holds what cannot be cloned. */
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
}
