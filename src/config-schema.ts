import { z } from 'zod'

const milliseconds = z.number().int().min(0)
const count = z.number().int().min(0)

/** A size in bytes, or a text such as `1MB`. */
const size = z.union([z.number().int().positive(), z.string().regex(/^\d+(\.\d+)?\s*(b|kb|mb|gb)?$/i, 'expected a size such as "1MB"').transform(toBytes)])

function toBytes(text: string): number {
  const [, number = '0', unit = 'b'] = /^([\d.]+)\s*(\w*)$/.exec(text.toLowerCase()) ?? []
  const factors: Record<string, number> = { '': 1, b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 }
  return Math.round(Number(number) * (factors[unit] ?? 1))
}

const http = z.strictObject({
  accessControlAllowOrigin: z.array(z.string()).default(['*']).describe('origins that web pages may ask from; `*` for all, a pattern between slashes'),
  cookieAuthentication: z.boolean().default(true).describe('whether a cookie may carry the token'),
  maxFormFileSize: size.prefault('1MB').describe('largest file in a form'),
  requestTimeout: milliseconds.default(300_000).describe('milliseconds in which a request has to arrive whole, its headers within a minute; 0 for no limit'),
  maxEncodingLayers: count.default(3).describe('how many times over a body may be compressed'),
  compressionThreshold: size.prefault('16KB').describe('answers at least this long are compressed for clients that understand'),
})

const websocket = z.strictObject({
  enabled: z.boolean().default(true).describe('whether WebSockets are opened'),
  path: z.string().startsWith('/', 'expected a path that starts with "/"').optional().describe('the one path that sockets are opened on; any when absent'),
  idleTimeout: milliseconds.default(60_000).describe('milliseconds of silence after which a socket is closed; 0 for never'),
  rateLimit: count.default(0).describe('messages a second and socket; 0 for no limit'),
  maxBufferedBytes: size.prefault('8MB').describe('what may wait to be read by one client before it is cut off'),
})

const server = z.strictObject({
  port: z.number().int().min(0).max(65535).default(7512).describe('TCP port of HTTP and WebSocket; 0 takes a free one'),
  host: z.string().default('0.0.0.0').describe('address to listen on'),
  maxRequestSize: size.prefault('1MB').describe('largest body or frame, also once unpacked'),
  drainTimeout: milliseconds.default(10_000).describe('milliseconds that requests in flight have to end in when the host stops'),
  control: z.string().default('data/control.sock').describe('socket by which commands on this machine reach the host; only its own user may; none when empty'),
  development: z.boolean().default(false).describe('whether clients see stack traces and deprecations'),
  http: http.prefault({}).describe('HTTP'),
  websocket: websocket.prefault({}).describe('WebSocket'),
  protocols: z.record(z.string(), z.unknown()).default({}).describe('sections of protocols that plugins bring, by name'),
})

const limits = z.strictObject({
  concurrentRequests: count.min(1).default(500).describe('requests worked on at once'),
  requestsBufferSize: count.default(50_000).describe('requests that may wait; beyond, 503'),
  documentsFetchCount: count.default(10_000).describe('documents one request may read'),
  documentsWriteCount: count.default(200).describe('documents one request may write'),
  causationDepth: count.default(16).describe('calls with events that may lead from one to the next; 0 for no limit'),
  causationFanOut: count.default(1_000).describe('calls with events that come of one and are under way at once; 0 for no limit'),
  loginsPerSecond: count.default(1).describe('log-ins a second and connection; 0 for no limit'),
  subscriptionConditionsCount: count.default(100).describe('conditions one subscription may have; 0 for no limit'),
  subscriptionRooms: count.default(1_000_000).describe('rooms there may be; 0 for no limit'),
  subscriptionsPerConnection: count.default(1_000).describe('rooms one connection may be in; 0 for no limit'),
  subscriptionDocuments: count.default(100_000).describe('documents of which is remembered which rooms they are in'),
  subscriptionDocumentTTL: milliseconds.default(259_200_000).describe('milliseconds for which that is remembered'),
})

const common = z.strictObject({
  include: z.array(z.string()).default([]).describe('packages to load as plugins, before the enabled folder'),
  initTimeout: milliseconds.default(10_000).describe('milliseconds a plugin has to start in, and to close in'),
  integrity: z.enum(['refuse', 'warn', 'ignore']).default('refuse').describe('what is done when an installed plugin is not what the lock file says: `refuse` to start, `warn` or `ignore`'),
  pipeWarnTime: milliseconds.default(500).describe('milliseconds after which a slow listener is logged; 0 for never'),
  pipeTimeout: milliseconds.default(5_000).describe('milliseconds a pipe, or a type that a classic plugin adds, has to answer in; 0 for no limit'),
  maxConcurrentPipes: count.min(1).default(50).describe('chains of pipes that run at once'),
  pipesBufferSize: count.default(50_000).describe('chains that may wait; beyond, 503'),
  quarantineAfter: count.default(10).describe('openings of breakers, or crashes, in a row that put a plugin into quarantine; 0 for never'),
})

const budget = z.strictObject({
  timeout: milliseconds.optional().describe('milliseconds that each listener and action has to answer in, where a listener does not say; 0 for no limit'),
  concurrency: count.optional().describe('calls of the plugin at once; 0 for no limit'),
  queue: count.optional().describe('calls that may wait for their turn; beyond, 503'),
  onFailure: z.enum(['fail-closed', 'fail-open']).optional().describe('whether what pipes fail with ends the request, or they are passed by'),
  breaker: z.strictObject({
    failures: count.min(1).describe('failures in a row after which a listener or action is no longer called'),
    probeAfter: milliseconds.min(1).default(30_000).describe('milliseconds until one call is let through again'),
  }).optional(),
  quarantineAfter: count.optional().describe('as `plugins.common.quarantineAfter`, for this plugin'),
  initTimeout: milliseconds.optional().describe('as `plugins.common.initTimeout`, for this plugin'),
})

/** Keys of a plugin's section that are the host's; the others are checked by the plugin's own schema. */
const plugin = z.looseObject({
  isolation: z.enum(['inline', 'thread', 'process']).optional().describe('where the plugin runs: in the host, or in a thread or process of its own'),
  reentrant: z.boolean().optional().describe('whether its listeners may be called for what they are at work on, also those that do not say so themselves'),
  memory: count.min(1).optional().describe('megabytes of heap that an isolated plugin may use, and in a process as many outside of it'),
  budget: budget.optional().describe('what the plugin may take'),
  required: z.boolean().optional().describe('whether the host starts without the plugin when it cannot be loaded: `false` says that it may'),
})

const plugins = z.object({
  directory: z.string().optional().describe('the folder of enabled plugins; `plugins/enabled` if there is one'),
  watch: z.boolean().optional().describe('whether plugins are reloaded when their files change; in development when absent'),
  common: common.prefault({}).describe('what holds for all plugins'),
}).catchall(plugin)

const deliveries = z.strictObject({
  attempts: count.min(1).default(15).describe('how often a durable hook is tried before the delivery is kept as a dead letter'),
  firstDelay: milliseconds.default(1_000).describe('milliseconds until the second attempt; twice as long each time'),
  longestDelay: milliseconds.default(600_000).describe('milliseconds between attempts, at most'),
  timeout: milliseconds.min(1).default(30_000).describe('milliseconds a durable hook has to finish in'),
})

const storage = z.strictObject({
  path: z.string().default('data/mortise.sqlite').describe('file of the embedded store'),
  url: z.string().regex(/^postgres(ql)?:\/\//, 'expected a URL that starts with postgres://').optional().describe('a PostgreSQL server to use instead'),
})

const memoryStorage = z.strictObject({
  url: z.string().regex(/^rediss?:\/\//, 'expected a URL that starts with redis://').optional().describe('a Redis server for what `ms` keeps, with a database of its own; in the process when absent'),
})

const securities = z.strictObject({
  roles: z.record(z.string(), z.looseObject({ controllers: z.record(z.string(), z.unknown()) })).optional().describe('roles by id, as `security:createRole` takes them'),
  profiles: z.record(z.string(), z.looseObject({ policies: z.array(z.looseObject({ roleId: z.string() })) })).optional().describe('profiles by id'),
  users: z.record(z.string(), z.strictObject({
    content: z.looseObject({ profileIds: z.array(z.string()) }),
    credentials: z.record(z.string(), z.unknown()).optional(),
  })).optional().describe('users by id; those who exist stay as they are'),
})

const security = z.strictObject({
  jwt: z.strictObject({
    expiresIn: z.union([z.string(), z.number()]).default('1h').describe('how long a token lives: milliseconds or a text such as `1h`; -1 for ever'),
    maxTTL: z.number().int().min(-1).default(-1).describe('longest life of a token, milliseconds; -1 for no limit'),
    gracePeriod: milliseconds.default(1_000).describe('milliseconds that a refreshed token goes on being valid'),
  }).prefault({}),
  apiKeyMaxTTL: z.number().int().min(-1).default(-1).describe('longest life of an API key, milliseconds; -1 for no limit'),
  restrictedProfileIds: z.array(z.string()).default(['default']).describe('profiles of users made by `security:createRestrictedUser`'),
  returnUrls: z.array(z.url()).default([]).describe('where a browser may be sent with its token after logging in at a provider'),
  imports: securities.prefault({}).describe('roles, profiles and users to be there: loaded at the start, by one host of those on a store, and again when they say something else'),
  failsafeMode: z.boolean().default(false).describe('whether only administrators may use the API'),
})

const logging = z.strictObject({
  level: z.enum(['silent', 'error', 'warn', 'info', 'debug', 'verbose', 'silly']).default('info').describe('the least important messages that are shown'),
})

/** Every key of the configuration, its form and its default: the one home of these. */
export const configSchema = z.strictObject({
  server: server.prefault({}),
  limits: limits.prefault({}),
  plugins: plugins.prefault({}),
  deliveries: deliveries.prefault({}),
  storage: storage.prefault({}),
  memoryStorage: memoryStorage.prefault({}),
  security: security.prefault({}),
  logging: logging.prefault({}),
  secretsFile: z.string().default('mortise.secrets').describe('the encrypted file of secrets, if there is one'),
})

/** The configuration with all defaults filled in. Sizes in bytes, times in milliseconds. */
export type MortiseConfig = z.output<typeof configSchema>

/** The configuration as a person writes it: everything optional. */
export type MortiseConfigInput = z.input<typeof configSchema>
