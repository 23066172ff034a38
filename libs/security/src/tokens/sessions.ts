import { systemClock, type Clock } from '@app/supervision'
import type { EndedConnection, EndReason, Session } from './session.js'

const SECOND = 1000
/** Longer waits are cut in pieces: timers cannot count further. */
const LONGEST_WAIT = 2 ** 31 - 1

/**
 * Verified tokens, kept until they end or are revoked, so that a request with
 * one is a look-up. One timer waits for the token that ends first.
 */
export class Sessions {
  readonly #byJwt = new Map<string, Session>()
  readonly #byUser = new Map<string, Set<Session>>()
  readonly #byConnection = new Map<string, Set<Session>>()
  /** What each connection used last: comparing with one token is several times cheaper than finding it among all. */
  readonly #latest = new Map<string, Session>()
  /** Sessions by the second they end in. */
  readonly #bySecond = new Map<number, Set<Session>>()
  readonly #listeners = new Set<(ended: EndedConnection) => void>()
  #cancelTimer: () => void = () => undefined
  #wakesAt = Number.POSITIVE_INFINITY

  /** @param capacity - Tokens kept; beyond, the oldest that no connection holds is verified anew at its next use. */
  constructor(private readonly capacity = 50_000, private readonly clock: Clock = systemClock) {}

  /** The session of a token that is still good. */
  find(jwt: string): Session | undefined {
    const session = this.#byJwt.get(jwt)
    return session !== undefined && session.endsAt > this.clock.now() ? session : undefined
  }

  /** The session of the token that a connection used last, when that is this one and still good. */
  findLatest(connectionId: string, jwt: string): Session | undefined {
    const session = this.#latest.get(connectionId)
    return session !== undefined && session.endsAt > this.clock.now() && session.token.jwt === jwt ? session : undefined
  }

  add(session: Session): void {
    const { jwt, userId } = session.token
    this.#byJwt.set(jwt, session)
    addTo(this.#byUser, userId, session)
    this.#awaitEnd(session)
    if (this.#byJwt.size > this.capacity) this.#evict()
  }

  /** Remembers that a connection uses the token, so that its end is told. */
  link(session: Session, connectionId: string): void {
    if (this.#latest.get(connectionId) === session) return
    this.#latest.set(connectionId, session)
    session.connections.add(connectionId)
    addTo(this.#byConnection, connectionId, session)
  }

  /** Forgets a connection that has closed. */
  unlink(connectionId: string): void {
    for (const session of this.#byConnection.get(connectionId) ?? []) session.connections.delete(connectionId)
    this.#byConnection.delete(connectionId)
    this.#latest.delete(connectionId)
  }

  /** Hands the connections of one token over to the one that replaces it. */
  move(from: Session, to: Session): void {
    for (const connectionId of from.connections) {
      removeFrom(this.#byConnection, connectionId, from)
      this.link(to, connectionId)
    }
    from.connections.clear()
  }

  /** Lets a token live no longer than `endsAt`, without telling its connections before. */
  shorten(session: Session, endsAt: number): void {
    removeFrom(this.#bySecond, secondOf(session), session)
    session.endsAt = endsAt
    this.#awaitEnd(session)
  }

  /** Ends the tokens of a user, or one of them. */
  revoke(userId: string, id?: string): void {
    for (const session of [...this.#byUser.get(userId) ?? []]) {
      if (id === undefined || session.id === id) this.#end(session, 'revoked')
    }
  }

  /** Lets the sessions of a user read them anew. */
  refreshUser(userId: string): void {
    for (const session of this.#byUser.get(userId) ?? []) session.outdate()
  }

  /** All that are kept. */
  get all(): Iterable<Session> {
    return this.#byJwt.values()
  }

  /** Ends everything, telling nobody: for a reset, or when the host stops. */
  clear(): void {
    for (const map of [this.#byJwt, this.#byUser, this.#byConnection, this.#latest, this.#bySecond]) map.clear()
    this.#cancelTimer()
    this.#wakesAt = Number.POSITIVE_INFINITY
  }

  /** Calls `listener` for each connection whose token ended; returns what stops that. */
  onEnd(listener: (ended: EndedConnection) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  #end(session: Session, reason: EndReason): void {
    const connections = [...session.connections]
    this.#forget(session)
    session.endsAt = 0
    for (const connectionId of connections) {
      for (const listener of this.#listeners) listener({ connectionId, userId: session.token.userId, reason })
    }
  }

  #forget(session: Session): void {
    if (this.#byJwt.get(session.token.jwt) === session) this.#byJwt.delete(session.token.jwt)
    removeFrom(this.#byUser, session.token.userId, session)
    removeFrom(this.#bySecond, secondOf(session), session)
    for (const connectionId of session.connections) {
      removeFrom(this.#byConnection, connectionId, session)
      if (this.#latest.get(connectionId) === session) this.#latest.delete(connectionId)
    }
    session.connections.clear()
  }

  #evict(): void {
    for (const session of this.#byJwt.values()) {
      if (session.connections.size === 0) return this.#forget(session)
    }
  }

  #awaitEnd(session: Session): void {
    if (session.endsAt === Number.POSITIVE_INFINITY) return
    addTo(this.#bySecond, secondOf(session), session)
    const wakesAt = secondOf(session) * SECOND
    if (wakesAt < this.#wakesAt) this.#wakeAt(wakesAt)
  }

  #wakeAt(time: number): void {
    this.#cancelTimer()
    this.#wakesAt = time
    this.#cancelTimer = this.clock.after(Math.min(Math.max(time - this.clock.now(), 0), LONGEST_WAIT), () => this.#sweep())
  }

  /** Ends what has ended, and waits for what ends next. */
  #sweep(): void {
    const now = this.clock.now()
    let next = Number.POSITIVE_INFINITY
    for (const [second, sessions] of [...this.#bySecond]) {
      if (second * SECOND > now) {
        next = Math.min(next, second * SECOND)
        continue
      }
      this.#bySecond.delete(second)
      for (const session of sessions) this.#end(session, 'expired')
    }
    this.#wakesAt = Number.POSITIVE_INFINITY
    if (next < Number.POSITIVE_INFINITY) this.#wakeAt(next)
  }
}

/** The second by whose start the session has ended. */
const secondOf = ({ endsAt }: Session): number => Math.ceil(endsAt / SECOND)

function addTo<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const known = map.get(key)
  if (known) known.add(value)
  else map.set(key, new Set([value]))
}

function removeFrom<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const known = map.get(key)
  known?.delete(value)
  if (known?.size === 0) map.delete(key)
}
