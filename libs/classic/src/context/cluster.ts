import type { Logger } from '@mortise/sdk'
import type { Messages } from '@app/storage'
import { isThenable } from '@app/supervision'

type Listener = (payload: unknown) => unknown

interface Listening {
  readonly event: string
  readonly given: Listener
  readonly stop: () => void
}

/** Names of what plugins tell each other, apart from what the host's own parts do. */
const topicOf = (event: string): string => `cluster:${event}`

/**
 * Messages between the nodes of a cluster, which are the hosts on one store,
 * for one plugin: `accessors.cluster`. A node does not hear its own. What a
 * listener throws is logged under its plugin's name; {@link close} takes away
 * whatever the plugin still listens to.
 */
export class ClusterAccess {
  readonly #listening: Listening[] = []

  constructor(private readonly messages: Messages, private readonly logger: Logger) {}

  /** Sends to every other node; resolves once it is on its way. @throws `services.storage.invalid_argument` for what is no JSON or too long */
  readonly broadcast = (event: string, payload?: unknown): Promise<void> => this.messages.send(topicOf(event), payload)

  readonly on = (event: string, listener: Listener): void => this.#add(event, listener, listener)

  readonly once = (event: string, listener: Listener): void =>
    this.#add(event, listener, (payload) => {
      this.off(event, listener)
      return listener(payload)
    })

  readonly off = (event: string, listener: Listener): void => {
    const position = this.#listening.findIndex((known) => known.event === event && known.given === listener)
    const [known] = position < 0 ? [] : this.#listening.splice(position, 1)
    known?.stop()
  }

  close(): void {
    for (const { stop } of this.#listening.splice(0)) stop()
  }

  #add(event: string, given: Listener, called: Listener): void {
    const blame = (error: unknown): void => this.logger.error(`A listener to the cluster's message "${event}" failed: ${String(error)}`)
    const stop = this.messages.on(topicOf(event), (payload) => {
      try {
        const returned = called(payload)
        if (isThenable(returned)) returned.then(undefined, blame)
      } catch (thrown) {
        blame(thrown)
      }
    })
    this.#listening.push({ event, given, stop })
  }
}
