/** A notification, to be shown with `room` set to the channel it goes out on. */
export type NotificationPayload = Readonly<Record<string, unknown>>

/**
 * The way out: whatever carries notifications to those who subscribed. The
 * doors together are one. Nothing here waits or throws; who reads too slowly
 * is the carrier's affair.
 */
export interface NotificationSink {
  broadcast(message: { readonly channels: readonly string[]; readonly payload: NotificationPayload }): void
  notify(message: { readonly connectionId: string; readonly channels: readonly string[]; readonly payload: NotificationPayload }): void
  joinChannel(channel: string, connectionId: string): void
  leaveChannel(channel: string, connectionId: string): void
}
