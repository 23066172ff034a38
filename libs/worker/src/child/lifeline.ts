import { Worker } from 'node:worker_threads'

/** Where the host leaves a pipe in a process that it starts, on which nothing is ever said: that it ends says enough. */
export const LIFELINE = 4

/** Milliseconds that a process has to go by itself in, once its host has gone. */
const GRACE = 1_000

/** Milliseconds between two looks at how much memory the process takes. */
const LOOK_EVERY = 100

/** Megabytes that Node takes beside what is asked for. */
const OF_NODE = 128

/** For a thread that shall be small: plain JavaScript, which imports next to nothing. */
const WATCH = `
const { Socket } = require('node:net')
const { workerData: most } = require('node:worker_threads')
const end = () => setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${GRACE})
new Socket({ fd: ${LIFELINE}, readable: true, writable: false }).on('error', () => undefined).on('close', end).resume()
let signal = 'SIGABRT'
const look = () => {
  if (process.memoryUsage.rss() <= most) return
  process.kill(process.pid, signal)
  signal = 'SIGKILL'
}
if (most > 0) setInterval(look, ${LOOK_EVERY})`

/**
 * Ends this process soon after the one that started it, however that ended,
 * and when it takes too much memory: a thread looks out for both, since an
 * endless loop holds up everything that the main thread could be told, and V8
 * limits the heap alone.
 *
 * @param memory - Megabytes of heap that it may have, and as many outside of it; 0 for no limit.
 */
export function holdLifeline(memory = 0): void {
  const most = memory > 0 ? (2 * memory + OF_NODE) * 1024 ** 2 : 0
  new Worker(WATCH, { eval: true, workerData: most, env: {}, execArgv: [], resourceLimits: { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 8, codeRangeSizeMb: 1, stackSizeMb: 1 } }).unref()
}
