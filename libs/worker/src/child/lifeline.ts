import { Worker } from 'node:worker_threads'

/** Where the host leaves a pipe in a process that it starts, on which nothing is ever said: that it ends says enough. */
export const LIFELINE = 4

/** Milliseconds that a process has to go by itself in, once its host has gone. */
const GRACE = 1_000

/** For a thread that shall be small: plain JavaScript, which imports next to nothing. */
const WATCH = `
const { Socket } = require('node:net')
const end = () => setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${GRACE})
new Socket({ fd: ${LIFELINE}, readable: true, writable: false }).on('error', () => undefined).on('close', end).resume()`

/**
 * Ends this process soon after the one that started it, however that ended
 * and whatever is done here: a thread looks out for it, since an endless loop
 * holds up everything that the main thread could be told.
 */
export function holdLifeline(): void {
  new Worker(WATCH, { eval: true, env: {}, execArgv: [], resourceLimits: { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 8, codeRangeSizeMb: 1, stackSizeMb: 1 } }).unref()
}
