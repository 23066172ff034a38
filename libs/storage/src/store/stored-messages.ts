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
    engine.onGap(() => this.callAll(this.gapListeners, undefined))
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
    const message = readMessage(text)
    if (!message || message.sender === this.sender) return
    this.callAll(this.listeners.get(message.topic) ?? [], message.payload)
  }

  /** One that throws keeps no other from hearing: it is called from where the connection is read, and an error there would end the process. */
  private callAll(listeners: Iterable<Listener>, payload: unknown): void {
    for (const listener of [...listeners]) {
      try {
        listener(payload)
      } catch (fault) {
        process.emitWarning(`A listener to messages between hosts threw: ${String(fault)}`)
      }
    }
  }
}

/** A message as `write` made it. Whoever may connect to the database may send anything; what is no message is not heard. */
function readMessage(text: string): { sender: string; topic: string; payload: unknown } | undefined {
  try {
    const message: unknown = JSON.parse(text)
    if (!Array.isArray(message) || typeof message[0] !== 'string' || typeof message[1] !== 'string') return undefined
    return { sender: message[0], topic: message[1], payload: message[2] as unknown }
  } catch {
    return undefined
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
