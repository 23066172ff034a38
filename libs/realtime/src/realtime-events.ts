import type { EventName } from '@mortise/sdk'
import { WatchedEvents, type EventBus, type Registry } from '@app/registry'

const REALTIME_EVENTS = [
  'room:new', 'room:remove', 'notify:document', 'notify:user', 'notify:server', 'notify:dispatch', 'core:notify:document', 'core:notify:user',
  'core:hotelClerk:addSubscription', 'core:hotelClerk:removeRoomForCustomer', 'core:realtime:notification:dispatch:before',
  'core:realtime:user:subscribe:after', 'core:realtime:user:unsubscribe:after', 'core:realtime:room:create:after',
  'core:realtime:subscribe:after', 'core:realtime:unsubscribe:after',
] as const satisfies readonly EventName[]

/** The events of subscriptions and notifications. */
export class RealtimeEvents extends WatchedEvents<(typeof REALTIME_EVENTS)[number]> {
  constructor(registry: Registry, bus: EventBus) {
    super(REALTIME_EVENTS, registry, bus)
  }
}
