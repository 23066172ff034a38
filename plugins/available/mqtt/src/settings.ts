import { z } from 'zod'

/** A topic of the plugin's own. */
const topic = z.string().regex(/^[^$#+][^#+]*$/, 'expected a topic without "#" and "+" that does not start with "$"')

export const settings = z.object({
  /** 0 takes a free one. */
  port: z.number().int().min(0).max(65535).default(1883),
  host: z.string().default('0.0.0.0'),
  /** Files in PEM. With `caFile`, clients must show a certificate that it signed. */
  tls: z.strictObject({ certFile: z.string(), keyFile: z.string(), caFile: z.string().optional() }).optional(),
  requestTopic: topic.default('Kuzzle/request'),
  responseTopic: topic.default('Kuzzle/response'),
  /** Whether clients may publish to each other, on whatever topics are not reserved. */
  allowPubSub: z.boolean().default(false),
  /** Whether knowing a channel's name is enough to listen on it. */
  openChannels: z.boolean().default(false),
  /** Sends answers to everybody who listens on `responseTopic`, on a host in development. */
  developmentMode: z.boolean().default(false),
  /** Milliseconds between the end of a client and the end of its subscriptions, for its last will. */
  disconnectDelay: z.number().int().min(0).default(250),
  allowAnonymous: z.boolean().default(true),
  /** The strategy that username and password are for. */
  strategy: z.string().default('local'),
  /** The username that goes with a token as password. */
  tokenUsername: z.string().default('token'),
  /** Messages a second and client; 0 for no limit. */
  rateLimit: z.number().int().min(0).default(0),
  /** Topics that one client may listen on. */
  maxSubscriptions: z.number().int().positive().default(1_000),
  /** Bytes that may wait to be read by one client before it is cut off. */
  maxBufferedBytes: z.number().int().positive().default(8 * 1024 * 1024),
  /** Milliseconds that a client has to say who it is. */
  connectTimeout: z.number().int().positive().default(10_000),
}).refine(({ requestTopic, responseTopic }) => requestTopic !== responseTopic, { path: ['responseTopic'], message: 'must differ from requestTopic' })

export type Settings = z.output<typeof settings>
