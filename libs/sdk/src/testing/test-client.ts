import type { ErrorJson } from '../errors/index.js'
import type { Notification } from '../events.js'
import type { RequestData } from '../request/index.js'
import type { DocumentApi } from '../services/index.js'

/** How a test's client comes in: the doors that every host has. */
export type Transport = 'http' | 'websocket'

/** An answer as it came over the wire. */
export interface Answer<T = unknown> {
  requestId: string
  status: number
  error: ErrorJson | null
  result: T
  [key: string]: unknown
}

/**
 * A client of a test host, coming in by a door as others do, bytes and all,
 * but without a port.
 */
export interface TestClient {
  /** Documents as a client handles them. */
  readonly document: DocumentApi
  /** What came without being asked for, over WebSocket: a list that grows. */
  readonly notifications: readonly Notification[]
  /** Runs an action and resolves to its result. @throws an error with the id, message and status that it was answered with */
  call<T = unknown>(data: RequestData): Promise<T>
  /** The same, and resolves to the whole answer, also when it is an error. */
  send<T = unknown>(data: RequestData): Promise<Answer<T>>
  /** Goes away. The host's `close` does so as well. */
  close(): void
}
