import type { PluginChange } from '@app/api'
import type { HostLine } from './host/host-line.js'
import { NoHost } from './host/no-host.js'

/** What a running host can do with a plugin, and what a person is told then. */
const DONE = {
  enable: { said: 'is enabled and runs', brings: 'It brings' },
  disable: { said: 'is disabled and has stopped', brings: 'With it went' },
  reload: { said: 'runs as it lies on disk now', brings: 'It brings' },
} as const

/**
 * Has the running host do something with a plugin, and returns what came of it.
 *
 * @param otherwise - Done instead when no host runs in this folder.
 * @throws `NoHost` when none answers and there is nothing to do instead, and Refusal with the host's reason.
 */
export async function switchPlugin(host: HostLine, action: keyof typeof DONE, name: string, otherwise?: () => Promise<string>): Promise<string> {
  try {
    return describe(action, await host.call<PluginChange>({ controller: 'plugins', action, name }))
  } catch (error) {
    if (error instanceof NoHost && otherwise && !host.isRemote) return otherwise()
    throw error
  }
}

function describe(action: keyof typeof DONE, { name, brings, notices }: PluginChange): string {
  const { said, brings: title } = DONE[action]
  const head = notices.length > 0 ? notices.join('\n') : `"${name}" ${said}.`
  return brings.length > 0 ? `${head} ${title}:\n${brings.map((line) => `  ${line}`).join('\n')}` : head
}
