import { EventBus, Registry, type PipeLimits, type PluginDefinition } from '@app/registry'
import { Slots, type Supervisor } from '@app/supervision'
import { createPipeline, type RequestCounter } from '@app/pipeline'
import { OpenGate, type Gate } from '@app/security'
import { RecordingLogger } from './recording-logger.js'

const limits: PipeLimits = { pipeTimeout: 5000, maxConcurrentPipes: 50, pipesBufferSize: 50_000 }

/** A corridor over the given plugins, without doors and without a store. */
export function createCorridor({ plugins = [], gate = new OpenGate(), slots = new Slots(100, 50_000), isClosing = () => false, origins = ['*'], counter, supervisor }: {
  plugins?: PluginDefinition[]
  gate?: Gate
  slots?: Slots
  isClosing?: () => boolean
  origins?: string[]
  counter?: RequestCounter
  supervisor?: Supervisor
} = {}) {
  const registry = new Registry(supervisor)
  const logger = new RecordingLogger()
  const bus = new EventBus(registry, limits, logger)
  const isOriginAllowed = (origin: string): boolean => origins.includes('*') || origins.includes(origin)
  const pipeline = createPipeline({ registry, bus, gate, counter, logger, admission: { slots, isClosing, isOriginAllowed } })
  for (const plugin of plugins) registry.register(plugin)
  return { registry, bus, logger, pipeline, slots }
}
