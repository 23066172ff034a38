import type { MortiseConfig } from './config-schema.js'
import type { RunningMortise } from './start-mortise.js'
import { VERSION } from './version.js'

/** What a person should see when the host has started: where, what, and what is open to whom. */
export function describeStart({ host, port }: RunningMortise, { server, storage }: MortiseConfig): string {
  const address = `localhost:${port}`
  const doors = [`http://${address}`, ...(server.websocket.enabled ? [`ws://${address}`] : [])]
  const plugins = host.report.toString() || 'none: enable one with "mortise plugins enable <name>"'
  const access = host.rooms.security.isOpen
    ? 'open: everybody may do everything, until security:createFirstAdmin with reset restricts them'
    : 'restricted: everybody may do what their profiles allow'
  return `
Mortise ${VERSION} listens on ${doors.join(' and ')}
store    ${storage.url ? 'PostgreSQL' : storage.path}
plugins  ${plugins.split('\n').join('\n         ')}
access   ${access}
${host.report.missing.map(({ name, error }) => `missing  ${name}, which is not required: ${error.faults[0]?.message.split('\n')[0] ?? ''}\n`).join('')}${host.report.notices.map((notice) => `notice   ${notice}\n`).join('')}
`
}
