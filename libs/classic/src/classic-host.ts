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
  /** Takes the types of a plugin that is about to start. */
  open(plugin: string): AddedTypes
}

/**
 * The types that one plugin adds. They are in force from when they are added,
 * except those that stand in the place of others of the same plugin: these
 * are from when the plugin is registered with its `validationTypes`. They go
 * when it is taken out of the registry.
 */
export interface AddedTypes {
  /** Those added so far, as the definition carries them. */
  readonly list: readonly ValidationType[]
  /** @throws `validation.types.already_exists` for a name that the host has, another plugin, or this one */
  add(type: ValidationType): void
  /** Forgets those of a plugin that was never registered. */
  close(): void
}

/** A type of value that a specification of documents may name. What its methods return is the plugin's word, whatever their types say. */
export interface ValidationType {
  readonly typeName: string
  /** Whether a specification may declare fields within its values. */
  readonly allowChildren: boolean
  readonly allowedTypeOptions: readonly string[]
  /** Whether the value fits; what is wrong with it is added to `errorMessages`. */
  validate(typeOptions: object, value: unknown, errorMessages: unknown[]): unknown
  /** The options to go by, or `true` for those given. `false`, and what it throws, refuses them. */
  validateFieldSpecification(typeOptions: object): unknown
  /** Whether fields that are not declared are refused within its values. */
  getStrictness(typeOptions: object, parentStrictness: boolean): unknown
}
