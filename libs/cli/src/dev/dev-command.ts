import { Command } from 'commander'
import { DevSession, type DevParts } from './dev-session.js'

/** What the command works with. */
export interface DevCommandParts extends DevParts {
  /** Resolves when the person has had enough. */
  readonly untilStopped: () => Promise<void>
}

/** `mortise dev`: the host, which takes up plugins as they change. */
export function devCommand(parts: DevCommandParts): Command {
  return new Command('dev')
    .description('run the host, compile plugins and have it take them up as they change; show logs, requests and type errors')
    .action(async () => {
      const session = new DevSession(parts)
      const stopped = parts.untilStopped()
      await session.start()
      await stopped
      await session.stop()
    })
}
