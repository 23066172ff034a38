import { createError, createErrorFrom } from '@mortise/sdk'
import type { Engine } from '../engines/engine.js'
import type { Messages } from '../messages.js'
import { createDocumentId } from './document-id.js'

/** Characters of a message, which are all ASCII when it is sent. */
const MOST_CHARACTERS = 1_000_000

type Listener = (payload: unknown) => void

/** Messages as the engine carries them: texts that reach everybody, the sender too. */
export class StoredMessages implements Messages {
  private readonly sender = createDocumentId()
  private readonly listeners = new Map<string, Set<Listener>>()
  private readonly gapListeners = new Set<() => void>()

  constructor(private readonly engine: Engine) {
    engine.onTold((text) => this.hear(text))
    engine.onGap(() => { for (const listener of this.gapListeners) listener() })
  }

  async send(topic: string, payload: unknown): Promise<void> {
    await this.engine.tell(write([this.sender, topic, payload]))
  }

  on(topic: string, listener: Listener): () => void {
    const listeners = this.listeners.get(topic) ?? new Set()
    this.listeners.set(topic, listeners.add(listener))
    return () => void listeners.delete(listener)
  }

  onGap(listener: () => void): () => void {
    this.gapListeners.add(listener)
    return () => void this.gapListeners.delete(listener)
  }

  private hear(text: string): void {
    const [sender, topic, payload] = JSON.parse(text) as [string, string, unknown]
    if (sender === this.sender) return
    for (const listener of this.listeners.get(topic) ?? []) listener(payload)
  }
}

/** JSON in ASCII, so that it may be cut anywhere. @throws `services.storage.invalid_argument` */
function write(message: readonly unknown[]): string {
  const text = stringify(message).replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  if (text.length <= MOST_CHARACTERS) return text
  throw createError('services.storage.invalid_argument', 'payload', `a message of ${MOST_CHARACTERS} characters at most; it has ${text.length}`)
}

function stringify(message: readonly unknown[]): string {
  try {
    return JSON.stringify(message)
  } catch (fault) {
    throw createErrorFrom(fault, 'services.storage.invalid_argument', 'payload', `JSON; ${(fault as Error).message}`)
  }
}
