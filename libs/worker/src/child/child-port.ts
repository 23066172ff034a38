import { Socket } from 'node:net'
import { parentPort } from 'node:worker_threads'
import type { Port } from '../wire/port.js'
import { socketPort } from '../wire/socket-port.js'
import { holdLifeline } from './lifeline.js'

/** Where the host leaves its end of the pipe in a process that it starts. */
export const PIPE = 3

/** Opens this side's end of the way to the host, which started this thread or process. @param memory - See {@link holdLifeline}; of a process */
export function openChildPort(memory?: number): Port {
  if (parentPort) {
    const port = parentPort
    return { send: (message) => port.postMessage(message), onMessage: (listener, onGarbage) => void port.on('message', listener).on('messageerror', onGarbage) }
  }
  holdLifeline(memory)
  // The host says when it is time; a signal that a terminal sends to all of a group is meant for the host.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined)
  const socket = new Socket({ fd: PIPE, readable: true, writable: true })
  // Without its host it has nothing to do.
  for (const end of ['end', 'error']) socket.on(end, () => process.exit())
  return socketPort(socket)
}
