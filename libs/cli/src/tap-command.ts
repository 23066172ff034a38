import { Command } from 'commander'
import type { TappedCall } from '@app/supervision'
import type { HostLine } from './host/host-line.js'

/** What the command works with. */
export interface TapCommandParts {
  /** The way to the host that runs. */
  readonly host: () => HostLine
  readonly print: (text: string) => void
  /** Told that it listens, for who watches. */
  readonly progress: (text: string) => void
}

/** `mortise tap [event]`: every call of a listener as it happens in the host that runs, until it is interrupted. */
export function tapCommand({ host, print, progress }: TapCommandParts): Command {
  return new Command('tap')
    .description('show calls of listeners as they happen in the host that runs')
    .argument('[event]', 'an event or a pattern, such as document:*', '*:*')
    .option('--json', 'print JSON, a line a call')
    .action(async (event: string, { json }: { json?: boolean }) => {
      const show = eachLine((line) => print(json ? line : renderCall(JSON.parse(line) as TappedCall)))
      progress(`watching calls of listeners to ${event}; Ctrl+C ends it`)
      await host().call({ controller: 'plugins', action: 'tap', event }, show)
    })
}

/** Puts pieces of text together into lines; empty ones are left out. */
function eachLine(tell: (line: string) => void): (text: string) => void {
  let rest = ''
  return (text) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    lines.filter(Boolean).forEach(tell)
  }
}

function renderCall({ time, event, kind, plugin, listener, milliseconds, outcome, error }: TappedCall): string {
  const clock = new Date(time).toISOString().slice(11, 23)
  const took = `${milliseconds.toFixed(2)} ms`.padStart(11)
  return [clock, took, outcome.padEnd(7), kind, event, `${plugin} ${listener}`, ...(error ? [error.split('\n')[0]] : [])].join('  ')
}
