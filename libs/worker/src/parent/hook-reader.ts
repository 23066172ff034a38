import type { PluginCandidate } from '@app/packages'
import { ReaderAround, type PluginReader, type PluginStart, type StartedPlugin } from '@app/pipeline'
import { workerErrors } from '../worker.errors.js'
import type { Isolator, Place } from './isolator.js'
import { defineRemote } from './remote-definition.js'

/** What a reader that puts hooks into processes is made from. */
export interface HookReaderParts {
  /** Reads the plugins, here those that run inline; in the entry a reader must that brings their hooks alone. */
  readonly reader: PluginReader
  readonly isolator: Isolator
  /** What a plugin's configuration asks for as `threads`; `undefined` for one that means nothing by it. */
  readonly threadsOf: (candidate: PluginCandidate, start: PluginStart) => unknown
  /** What else holds for its processes. */
  readonly placeOf: (config: PluginStart['config']) => Omit<Place, 'isolation' | 'count'>
}

/** Most processes of one plugin: a slip of the keyboard shall not take the machine down. */
const MOST_PROCESSES = 64

/**
 * Lets `plugins.<name>.threads` say in how many processes of its own a plugin
 * is told of events: each event goes to one of them, in turn, with the first
 * of its payload. Only hooks work there.
 */
export class HookReader extends ReaderAround {
  constructor(private readonly parts: HookReaderParts) {
    super(parts.reader)
  }

  /** @throws `plugin.worker.cannot_isolate` for a number of processes that makes no sense, and as {@link Isolator.start} does */
  async start(candidate: PluginCandidate, start: PluginStart): Promise<StartedPlugin> {
    const { reader, parts: { threadsOf } } = this
    const threads = threadsOf(candidate, start) ?? 0
    if (threads === 0) return reader.start(candidate, start)
    const { name } = start.identity
    if (!isCount(threads)) throw refuseThreads(name, `its "threads" is ${JSON.stringify(threads)}`, `Let it be a whole number from 0 to ${MOST_PROCESSES}; 0 lets it run inline.`)
    const { isolation = 'process', ...config } = start.config
    if (isolation !== 'process') throw refuseThreads(name, `it has "threads", which are processes, and the isolation "${String(isolation)}"`, 'Take one of the two out of the configuration.')
    return this.#isolate(candidate, { ...start, config }, threads)
  }

  async #isolate(candidate: PluginCandidate, start: PluginStart, count: number): Promise<StartedPlugin> {
    const { identity: { name, version }, services: { logger, filter }, config } = start
    const { isolator, placeOf } = this.parts
    return isolator.start(candidate, start, { ...placeOf(config), isolation: 'process', count }, (shape, run) => {
      const { hooks } = defineRemote(shape, (handler, subject, payload) => run(handler, subject, payload.slice(0, 1)), filter)
      const { ignored = [], ...details } = shape.details as { ignored?: readonly string[] }
      if (ignored.length > 0) {
        logger.warn(`Plugin "${name}" runs in ${count === 1 ? 'a process' : `${count} processes`} of its own, where only hooks on single events work: ${ignored.join(', ')} ${ignored.length === 1 ? 'is' : 'are'} ignored. Without "plugins.${name}.threads" all of it works.`)
      }
      return { name, version, kind: 'classic', place: candidate.place, hooks, pipes: [], controllers: [], details: { ...details, isolation: 'process', threads: count } }
    })
  }
}

const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) > 0 && (value as number) <= MOST_PROCESSES

const refuseThreads = (plugin: string, fault: string, hint: string): Error =>
  workerErrors.cannot_isolate(plugin, fault).with({ place: `the configuration → plugins.${plugin}.threads`, hint })
