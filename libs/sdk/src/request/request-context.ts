/** Somebody who sends requests. Content beyond these fields depends on what the user was created with. */
export interface User {
  /** The user's id, in the protocol's words the kuid; `"-1"` is the anonymous user. */
  _id: string
  profileIds: string[]
  /** Whether this user may run the request's action. */
  isActionAllowed?(request: unknown): Promise<boolean>
  [content: string]: unknown
}

/** What a user proved who they are with. Times in milliseconds. */
export interface Token {
  _id: string | null
  userId: string
  jwt: string | null
  /** Milliseconds since the epoch; -1 when it never ends. */
  expiresAt: number | null
  ttl: number | null
  refreshed?: boolean
  singleUse?: boolean
  type?: 'authToken' | 'apiKey'
}

/** Where requests come from: one WebSocket, one HTTP request, one MQTT client … */
export interface ClientConnection {
  id: string
  protocol: string
  ips: string[]
  headers?: Record<string, string | string[] | undefined>
}

/** What a door knows of a connection. Whatever is not `id`, `protocol` or `ips` becomes `misc`. */
export interface ConnectionData {
  id?: string | null
  protocol?: string | null
  ips?: string[]
  misc?: ConnectionDetails
  [detail: string]: unknown
}

/** Details that depend on the transport; HTTP gives all of these. */
export interface ConnectionDetails {
  headers?: Record<string, string | string[] | undefined>
  url?: string
  path?: string
  verb?: string
  [detail: string]: unknown
}

/** The connection as a request shows it. */
export class RequestConnection {
  id: string | null
  protocol: string | null
  ips: string[]
  misc: ConnectionDetails

  constructor(data: ConnectionData = {}) {
    const { id = null, protocol = null, ips = [], misc } = data
    this.id = id
    this.protocol = protocol
    this.ips = ips
    this.misc = misc ?? detailsOf(data)
    Object.seal(this)
  }

  /** `misc` is flattened into the connection, as clients of the log and of hooks read it. */
  toJSON(): Record<string, unknown> {
    return { id: this.id, protocol: this.protocol, ips: this.ips, ...this.misc }
  }
}

function detailsOf({ id: _id, protocol: _protocol, ips: _ips, misc: _misc, ...details }: ConnectionData): ConnectionDetails {
  return details
}

/** Who sent a request, from where and with which token. */
export class RequestContext {
  connection: RequestConnection
  user: User | null
  token: Token | null

  constructor(options: { connection?: ClientConnection | ConnectionData | RequestConnection; user?: User | null; token?: Token | null } = {}) {
    const { connection } = options
    this.connection = connection instanceof RequestConnection ? connection : new RequestConnection(connection as ConnectionData)
    this.user = options.user ?? null
    this.token = options.token ?? null
    Object.seal(this)
  }

  /** @deprecated The protocol's first name of `connection.id`. */
  get connectionId(): string | null {
    return this.connection.id
  }

  set connectionId(id: string | null) {
    this.connection.id = id
  }

  /** @deprecated The protocol's first name of `connection.protocol`. */
  get protocol(): string | null {
    return this.connection.protocol
  }

  set protocol(protocol: string | null) {
    this.connection.protocol = protocol
  }

  toJSON(): Record<string, unknown> {
    return { connection: this.connection.toJSON(), token: this.token, user: this.user }
  }
}

