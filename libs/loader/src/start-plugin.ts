import { relative } from 'node:path'
import { performance } from 'node:perf_hooks'
import { ApiError, createError, createErrorFrom } from '@mortise/sdk'
import { frameIn, type PluginCandidate } from '@app/packages'
import type { PluginReader, PluginStart, StartedPlugin } from '@app/pipeline'
import { BootError } from './boot-report.js'
import type { BootTimeline } from './boot-timeline.js'
import { withinTime } from './within-time.js'

/** What {@link startPlugin} starts. */
export interface Start {
  readonly reader: PluginReader
  readonly candidate: PluginCandidate
  readonly start: PluginStart
  /** Told how long it took. */
  readonly timeline: BootTimeline
}

/**
 * Starts a plugin within its time. One that comes up too late is closed again.
 *
 * @throws `plugin.runtime.failed_init` naming it when it fails or does not end.
 */
export async function startPlugin({ reader, candidate, start, timeline }: Start): Promise<{ started: StartedPlugin; milliseconds: number }> {
  const { identity: { name }, limit } = start
  const begin = performance.now()
  const starting = reader.start(candidate, start).catch((thrown: unknown) => { throw failure(thrown, name, candidate) })
  const note = (end: 'started' | 'failed' | 'not finished'): void => timeline.add(name, performance.now() - begin, end)
  const started = await withinTime(starting, limit).catch((thrown: unknown) => {
    note('failed')
    throw thrown
  })
  note(started ? 'started' : 'not finished')
  if (started) return { started, milliseconds: performance.now() - begin }
  start.services.logger.error(`It has not finished its start within ${limit} ms. ${timeline.toString()}`)
  starting.then((late) => late.close()).catch((thrown: unknown) => start.services.logger.error(thrown))
  throw createError('plugin.runtime.failed_init', name, `it has not finished within ${limit} ms.`)
    .with({ place: candidate.place, hint: `Find what its initialisation waits for, or raise plugins.${name}.budget.initTimeout or plugins.common.initTimeout.` })
}

/** Faults that the reader found itself pass; what the plugin's code threw is told under its name. */
function failure(thrown: unknown, plugin: string, { place, folder }: PluginCandidate): unknown {
  if (thrown instanceof BootError) return thrown
  if (ApiError.is(thrown) && thrown.place) return thrown
  const said = thrown instanceof Error ? thrown.message : String(thrown)
  const frame = frameIn(thrown, folder)
  const hint = (ApiError.is(thrown) && thrown.hint) || 'Correct what its constructor or initialisation does there, or disable the plugin.'
  return createErrorFrom(thrown, 'plugin.runtime.failed_init', plugin, said)
    .with({ place: frame ? `${place} → ${relative(folder, frame)}` : place, hint })
}
