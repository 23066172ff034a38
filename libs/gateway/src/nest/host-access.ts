import type { EventBus } from '@app/registry'
import type { Gate } from '@app/security'

/** The token under which an embedding application provides {@link HostAccess}. */
export const HOST_ACCESS = Symbol.for('mortise.host-access')

/** What guards and interceptors of an embedding application need of the host. */
export interface HostAccess {
  readonly gate: Gate
  readonly bus: EventBus
}
