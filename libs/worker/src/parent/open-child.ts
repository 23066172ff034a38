import { spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { PIPE } from '../child/child-port.js'
import { LIFELINE } from '../child/lifeline.js'
import type { Port } from '../wire/port.js'
import { socketPort } from '../wire/socket-port.js'

/** Megabytes for new objects in a thread: a third of what V8 would let them grow to while its modules are loaded, which then stays. */
const YOUNG_MEGABYTES = 12

/** Where a plugin runs when it does not run in the host's own thread. */
export type Isolation = 'thread' | 'process'

/** What a thread or process is started with. */
export interface ChildOptions {
  readonly isolation: Isolation
  /** The module that calls `runPlugin`. */
  readonly entry: URL
  /** Megabytes of heap, and in a process as many outside of it; V8's default when absent. */
  readonly memory?: number
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** A thread or process that runs. */
export interface Child extends Port {
  /** Resolves to why it ended, as half a sentence. */
  readonly ended: Promise<string>
  /** Ends it wherever it stands, also in an endless loop. */
  kill(): void
}

/** Starts a thread or process. */
export const openChild = (options: ChildOptions): Child => (options.isolation === 'thread' ? openThread(options) : openProcess(options))

function openThread({ entry, memory, environment }: ChildOptions): Child {
  const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MEGABYTES, ...(memory && { maxOldGenerationSizeMb: memory }) }
  const thread = new Worker(entry, { env: { ...environment }, execArgv: [], resourceLimits })
  return {
    send: (message) => thread.postMessage(message),
    onMessage: (listener, onGarbage) => void thread.on('message', listener).on('messageerror', onGarbage),
    ended: new Promise((resolve) => {
      thread.on('error', (error: NodeJS.ErrnoException) => {
        resolve(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? outOfMemory(memory) : `it failed: ${error.message}`)
      })
      thread.on('exit', (code) => resolve(`it ended with exit code ${code}`))
    }),
    kill: () => void thread.terminate(),
  }
}

function openProcess({ entry, memory, environment }: ChildOptions): Child {
  const script = fileURLToPath(entry)
  const child = spawn(process.execPath, memory ? [`--max-old-space-size=${memory}`, script, String(memory)] : [script], { env: { ...environment }, stdio: ['ignore', 'inherit', 'inherit', 'pipe', 'pipe'] })
  const [socket, lifeline] = [child.stdio[PIPE], child.stdio[LIFELINE]] as [Socket, Socket]
  // What a broken pipe means is told by the end of the process.
  for (const pipe of [socket, lifeline]) pipe.on('error', () => child.kill('SIGKILL'))
  return {
    ...socketPort(socket),
    // `close` comes when all that it said has arrived.
    ended: new Promise((resolve) => {
      child.on('error', (error) => resolve(`it failed: ${error.message}`))
      child.on('close', (code, signal) => resolve(signal === 'SIGABRT' ? outOfMemory(memory) : `it ended ${signal ? `by ${signal}` : `with exit code ${code}`}`))
    }),
    kill: () => void child.kill('SIGKILL'),
  }
}

const outOfMemory = (memory: number | undefined): string => `it ran out of memory${memory ? ` (${memory} MB)` : ''}`
