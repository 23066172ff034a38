import { PluginImplementationError, type ApiError } from '@mortise/sdk'
import type { PluginDefinition } from '@app/registry'

/** A plugin that runs, and how long it took to start. */
export interface LoadedPlugin {
  readonly definition: PluginDefinition
  /** Construction and initialisation together. */
  readonly milliseconds: number
}

/** An optional plugin that did not come up, and everything that is wrong with it. */
export interface MissingPlugin {
  readonly name: string
  readonly error: BootError
}

/** What a boot brought up, in load order; `notices`, sentences on what looks wrong but keeps nothing from running; optional plugins that are `missing`. */
export class BootReport {
  constructor(readonly plugins: readonly LoadedPlugin[], readonly notices: readonly string[] = [], readonly missing: readonly MissingPlugin[] = []) {}

  /** One line a plugin: name, version, shape, time to start, place. Empty when there is none. */
  toString(): string {
    const rows = this.plugins.map(({ definition: { name, version, kind, place }, milliseconds }) =>
      [name, version || '-', kind, `${milliseconds.toFixed(1)} ms`, place])
    const widths = rows.reduce<number[]>((most, row) => row.map((cell, column) => Math.max(cell.length, most[column] ?? 0)), [])
    return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()).join('\n')
  }
}

/** A boot that came to nothing, with everything that is wrong. Its message is the whole report. */
export class BootError extends Error {
  override readonly name = 'BootError'

  /** @param timeline - What the time went to, where that is of interest. */
  constructor(readonly faults: readonly ApiError[], timeline = '') {
    super([...faults.map(describeFault), ...(timeline ? [timeline] : [])].join('\n\n'), { cause: faults[0] })
  }
}

/** `id: message`, then where it lies and what to do, as far as known. */
function describeFault(fault: ApiError): string {
  const lines = [`${fault.id ?? fault.name}: ${messageOf(fault)}`]
  if (fault.place) lines.push(`  at    ${fault.place}`)
  if (fault.hint) lines.push(`  do    ${fault.hint}`)
  return lines.join('\n')
}

/** The last line of these says whose code is at fault, which a report of plugins' faults need not repeat. */
const messageOf = (fault: ApiError): string =>
  fault instanceof PluginImplementationError ? fault.message.split('\n').slice(0, -1).join('\n') : fault.message
