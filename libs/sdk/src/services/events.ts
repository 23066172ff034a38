import type { EventName, Payload } from '../events.js'
import { service } from './service.js'

/** Lets a plugin tell others that something happened. */
@service('events')
export abstract class EventEmitter {
  /**
   * Emits `plugin-<this plugin>:<name>`: pipes may change the payload, which
   * is what the promise resolves to, and hooks are told.
   *
   * @throws whatever a pipe refuses it with.
   */
  abstract trigger<T = unknown>(name: string, payload?: T): Promise<T>

  /** Emits one of the listed events as the host does. */
  abstract emit<E extends EventName>(event: E, ...payload: Payload<E>): Promise<Payload<E>[0]>
}
