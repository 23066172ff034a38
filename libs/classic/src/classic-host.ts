import type { Strategies, User } from '@mortise/sdk'
import type { DocumentStore } from '@app/storage'

/**
 * What classic plugins reach of the host beyond what every guest gets. Made
 * where the host is put together. What is absent is refused by name when a
 * plugin asks for it.
 */
export interface ClassicHost {
  /** Also what carries locks and messages to other nodes. */
  readonly store: DocumentStore
  /** The host's configuration as plugins may see it: without secrets. */
  readonly config: Readonly<Record<string, unknown>>
  readonly nodeId: string
  /** A plugin's secrets, as a tree. */
  secretsOf(plugin: string): Readonly<Record<string, unknown>>
  /** @throws `security.user.not_found` */
  loadUser(id: string): Promise<User>
  /** Takes a plugin's strategies while the host runs. */
  strategiesOf?(plugin: string): Strategies
  readonly realtime?: RealtimeDesk
  readonly validation?: ValidationDesk
  /** What privileged plugins get as `accessors.kuzzle`; without it none is started. */
  readonly privileged?: object
}

/** What else a subscription may say, as clients say it. */
export interface SubscriptionOptions {
  readonly scope?: unknown
  readonly users?: unknown
  readonly propagate?: unknown
  readonly volatile?: Record<string, unknown> | null
}

/** Subscribes connections, clients' or the host's own. */
export interface RealtimeDesk {
  register(connectionId: string, index: string, collection: string, filters: object, options?: SubscriptionOptions): Promise<{ channel: string; roomId: string }>
  unregister(connectionId: string, roomId: string, notify: boolean): Promise<void>
  /** Hands every notification for this connection, which is no client's, to `deliver`; returns what ends the connection and its subscriptions. */
  connect(connectionId: string, deliver: (channel: string, notification: unknown) => void): () => void
}

/** Knows the types of values that specifications of documents may name. */
export interface ValidationDesk {
  addType(type: ValidationType): void
}

/** A type of value that a specification of documents may name. */
export interface ValidationType {
  readonly typeName: string
  readonly allowChildren: boolean
  readonly allowedTypeOptions: readonly string[]
  /** Whether the value fits; what is wrong with it is added to `errorMessages`. */
  validate(typeOptions: object, value: unknown, errorMessages: string[]): boolean
  /** The options, filled in. @throws when they are not well made */
  validateFieldSpecification(typeOptions: object): object
  getStrictness(typeOptions: object, parentStrictness: boolean): boolean
}
