import type { GuestServices, StartedPlugin } from '@app/pipeline'
import { withinTime } from './within-time.js'

/** A plugin that runs, and what it takes to stop it. */
interface Stoppable {
  readonly started: StartedPlugin
  readonly services: GuestServices
  /** Milliseconds it had to start in, and has to close in; 0 for no limit. */
  readonly limit: number
  /** Takes it out of the registry; absent where it is out. */
  readonly remove: (() => void) | undefined
}

/** Backwards, and to the end: one that fails to close, or does not come to an end, is logged and does not keep the others. */
export async function stopPlugins(running: readonly Stoppable[]): Promise<void> {
  for (const plugin of [...running].reverse()) {
    plugin.remove?.()
    await close(plugin)
  }
}

async function close({ started, services: { logger }, limit }: Stoppable): Promise<void> {
  const closing = started.close().catch((thrown: unknown) => logger.error(thrown))
  const end = await withinTime(closing.then(() => 'closed' as const), started.keepsTime ? 0 : limit)
  if (!end) logger.error(`It has not closed within ${limit} ms, and is left as it is. Find what its shutdown methods wait for.`)
}
