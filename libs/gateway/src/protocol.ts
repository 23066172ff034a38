import type { ProtocolMethods } from '@mortise/sdk'
import type { EntryPoint } from './entry-point.js'

export type { ChannelMessage, DirectMessage } from '@mortise/sdk'

/**
 * A door: what the host asks of everything that brings clients in, HTTP,
 * WebSocket and those of plugins alike. Requests go in through the
 * {@link EntryPoint}, answers come back from it; notifications come through
 * the methods, with `room` set to the channel for the client.
 *
 * A door gives its connections its own name as `protocol`, and ignores
 * channels and connections that are not its own. Source: the protocol's
 * second generation of protocol plugins.
 */
export interface Protocol extends ProtocolMethods {
  readonly name: string
  /** Whose it is; the host's own when absent. */
  readonly plugin?: string
  /** Lets clients in from now on. */
  start(entryPoint: EntryPoint): void | Promise<void>
}
