import type { EventName } from '@mortise/sdk'
import { WatchedEvents, type EventBus, type Registry } from '@app/registry'

const DOOR_EVENTS = [
  'connection:new', 'connection:remove',
  'http:get', 'http:post', 'http:put', 'http:patch', 'http:delete', 'http:head', 'http:options',
  'protocol:http:beforeParsingPayload', 'protocol:http:afterParsingPayload',
  'protocol:websocket:beforeParsingPayload', 'protocol:websocket:afterParsingPayload',
] as const satisfies readonly EventName[]

/** An event that happens at a door. */
export type DoorEvent = (typeof DOOR_EVENTS)[number]

/** The events that doors emit, some for every message. */
export class DoorEvents extends WatchedEvents<DoorEvent> {
  constructor(registry: Registry, bus: EventBus) {
    super(DOOR_EVENTS, registry, bus)
  }
}
