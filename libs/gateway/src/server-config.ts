/** How the host is reached. Sizes in bytes, times in milliseconds. */
export interface ServerConfig {
  readonly port: number
  readonly host: string
  /** The largest HTTP body, also after it was unpacked, and the largest WebSocket message. */
  readonly maxRequestSize: number
  /** How long stopping waits for requests that are being worked on. */
  readonly drainTimeout: number
  /** Shows stack traces and deprecations to clients. */
  readonly development: boolean
  readonly http: HttpConfig
  readonly websocket: WebSocketConfig
  /** Sections of protocols that plugins bring, by protocol name. */
  readonly protocols: Readonly<Record<string, unknown>>
}

export interface HttpConfig {
  /** Origins of web pages that may ask: `*` for all, an origin, or a pattern between slashes. */
  readonly accessControlAllowOrigin: readonly string[]
  /** Whether the cookie `authToken` proves who asks. */
  readonly cookieAuthentication: boolean
  /** The largest file within a form. */
  readonly maxFormFileSize: number
  /** How long a request may take to arrive, headers and body; 0 for no limit of the body. */
  readonly requestTimeout: number
  /** How many times over a body may be compressed. */
  readonly maxEncodingLayers: number
  /** Answers at least this long are compressed when the client understands; 0 for never. */
  readonly compressionThreshold: number
}

export interface WebSocketConfig {
  readonly enabled: boolean
  /** The one path that sockets are opened on; any when absent. */
  readonly path?: string
  /** A socket that stays silent this long, pings included, is dropped; 0 for never. */
  readonly idleTimeout: number
  /** Messages a second for each socket; 0 for no limit. */
  readonly rateLimit: number
  /** What may wait to be read by one client before it is cut off. */
  readonly maxBufferedBytes: number
}

const MEBIBYTE = 1024 * 1024

/** What holds where the configuration says nothing. Source: the protocol's defaults. */
export const defaultServerConfig: ServerConfig = {
  port: 7512,
  host: '0.0.0.0',
  maxRequestSize: MEBIBYTE,
  drainTimeout: 10_000,
  development: false,
  http: {
    accessControlAllowOrigin: ['*'],
    cookieAuthentication: true,
    maxFormFileSize: MEBIBYTE,
    requestTimeout: 300_000,
    maxEncodingLayers: 3,
    compressionThreshold: 16 * 1024,
  },
  websocket: {
    enabled: true,
    idleTimeout: 60_000,
    rateLimit: 0,
    maxBufferedBytes: 8 * MEBIBYTE,
  },
  protocols: {},
}
