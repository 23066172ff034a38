import type { PluginDefinition } from '@app/registry'
import { linesOfChanges } from '../describe-changes.js'

/** Something that keeps a plugin from being loaded, or from running well. */
export interface ReportedFault {
  readonly id: string
  readonly message: string
  readonly place?: string
  readonly hint?: string
}

/** What can be told of a plugin before it is taken in: the result of a check, as it is printed by `--json`. */
export interface PluginReport {
  readonly name: string
  readonly version: string
  readonly shape: 'decorated' | 'classic' | 'unreadable'
  /** For classic plugins: which generation of hosts they are written for. */
  readonly era?: string
  /** The versions of hosts that it asks for; absent when it names none. */
  readonly hosts?: string
  /** A line for each listener, action, route, way to log in and door; empty when it could not be started. */
  readonly brings: readonly string[]
  /** Kinds of data that a classic plugin imports at start: roles, users, mappings … */
  readonly imports: readonly string[]
  readonly requires: {
    /** Keys of the configuration that have to be given, with what is wrong as it is. */
    readonly configuration: readonly string[]
    /** Secrets that its code asks for. */
    readonly secrets: readonly { readonly name: string; readonly variable: string; readonly isSet: boolean }[]
  }
  /** What its own code reaches for: files, network, processes, environment. */
  readonly touches: readonly string[]
  /** What stands in its way among the plugins that are enabled: names, routes. */
  readonly conflicts: readonly ReportedFault[]
  readonly faults: readonly ReportedFault[]
}

/** Whether it can be loaded once what it requires is there. */
export const isSound = ({ faults, conflicts }: PluginReport): boolean => faults.length + conflicts.length === 0

/** Everything a definition brings, a line each. */
export const bringsOf = (definition: PluginDefinition | undefined): string[] => (definition ? linesOfChanges(definition) : [])

/** The report as a person reads it. */
export function renderReport(report: PluginReport): string {
  const { name, version, requires, touches, imports, conflicts, faults } = report
  const rows: [string, readonly string[]][] = [
    ['shape', [shapeOf(report)]],
    ['brings', report.brings.length > 0 ? report.brings : [faults.length + requires.configuration.length > 0 ? 'not known before it can be started' : 'nothing that clients or other plugins notice']],
    ['imports', imports],
    ['requires', [...requires.configuration, ...requires.secrets.map((secret) => `secret "${secret.name}": ${secret.isSet ? 'is set' : `set ${secret.variable} in the environment`}`)]],
    ['touches', touches],
    ['conflicts', conflicts.length > 0 ? conflicts.flatMap(linesOf) : ['none']],
    ['faults', faults.flatMap(linesOf)],
  ]
  return [`${name} ${version}`, ...rows.filter(([, lines]) => lines.length > 0).map(([title, lines]) => `  ${title.padEnd(9)}  ${lines.join(`\n${' '.repeat(13)}`)}`)].join('\n')
}

const shapeOf = ({ shape, era, hosts }: PluginReport): string =>
  [shape, ...(era ? [era] : []), hosts ? `for hosts ${hosts}` : 'names no range of hosts'].join(', ')

const linesOf = ({ id, message, place, hint }: ReportedFault): string[] =>
  [`${id}: ${message}`, ...(place ? [`  at    ${place}`] : []), ...(hint ? [`  do    ${hint}`] : [])]
