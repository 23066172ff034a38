import { setTimeout as sleep } from 'node:timers/promises'

/** Bytes of heap that a round may leave behind, on average: code that is compiled and shapes that are seen for the first time. */
const SLACK = 1024 * 1024

/** Kinds of things that come and go with whatever the runtime does in the background. */
const PASSING = new Set(['Immediate', 'TickObject', 'FSReqPromise', 'FSReqCallback'])

/** The process's own output is a handle too, made when it is first looked at. */
process.stdout.write('')
process.stderr.write('')

/** What a process holds: handles and timers by kind, and listeners of its own events. */
function look() {
  const handles = {}
  for (const kind of process.getActiveResourcesInfo()) {
    if (!PASSING.has(kind)) handles[kind] = (handles[kind] ?? 0) + 1
  }
  return { handles, listeners: Object.fromEntries(process.eventNames().map((event) => [`listeners of "${String(event)}"`, process.listenerCount(event)])) }
}

/** What it holds once all that was closed has gone: looked at until it stays the same for a while. */
export async function settle() {
  let before = ''
  for (let same = 0, looks = 0; same < 5 && looks < 100; looks++) {
    await sleep(50)
    globalThis.gc()
    const now = JSON.stringify(look())
    same = now === before ? same + 1 : 0
    before = now
  }
  return { ...look(), heap: process.memoryUsage().heapUsed }
}

/** Yields the handles and timers that there are more of than before. */
export const compareHandles = (before, after) => more(before.handles, after.handles)

/** Yields all that there is more of than so many rounds ago. */
export function compareAll(before, after, rounds) {
  const grown = after.heap - before.heap
  return [
    ...[...compareHandles(before, after), ...more(before.listeners, after.listeners)].map((what) => `${rounds} rounds have left behind ${what}`),
    ...(grown > SLACK * rounds ? [`the heap has grown by ${Math.round(grown / 1024)} KiB in ${rounds} rounds`] : []),
  ]
}

const more = (before, after) => Object.entries(after).filter(([kind, count]) => count > (before[kind] ?? 0)).map(([kind, count]) => `${count - (before[kind] ?? 0)} ${kind}`)
