import { type ClassicHost, ClassicReader, threadsOf, workerLimits } from '@app/classic'
import { BootError, DecoratedReader } from '@app/loader'
import type { PluginReader } from '@app/pipeline'
import { HookReader, InlineReader, Isolator, WorkerReader } from '@app/worker'
import type { SecretsByPlugin } from '@app/secrets'
import { withoutOwnVariables } from './own-variables.js'
import type { Rooms } from './rooms.js'
import { VERSION } from './version.js'

/** What readers that isolate are made from. */
interface IsolationParts {
  readonly root: string
  readonly secrets: SecretsByPlugin
  readonly rooms: Pick<Rooms, 'causation' | 'supervisor'>
  /** What threads and processes begin with; the module beside this one when absent. */
  readonly entry?: URL
}

/** Reads decorated plugins, each to run where `plugins.<name>.isolation` says. */
export const createDecoratedReader = (parts: IsolationParts): PluginReader =>
  new WorkerReader({ reader: new DecoratedReader(VERSION), isolator: createIsolator(parts, (plugin) => parts.secrets[plugin] ?? {}) })

/** Reads classic plugins, which run inline, but for those that `plugins.<name>.threads` puts into processes with their hooks alone. Workers have no secrets. */
export function createClassicReader(parts: IsolationParts, host: ClassicHost): PluginReader {
  const reader = new ClassicReader(host)
  return new HookReader({
    reader: new InlineReader(reader),
    isolator: createIsolator(parts, () => ({})),
    threadsOf: (candidate, { config, services: { logger } }) => threadsOf(reader.identify(candidate), config, logger),
    placeOf: (config) => ({ ...workerLimits(config), facts: host.config }),
  })
}

const createIsolator = ({ root, rooms: { causation, supervisor }, entry = new URL('./plugin-child.js', import.meta.url) }: IsolationParts, secretsOf: (plugin: string) => Readonly<Record<string, string>>): Isolator =>
  new Isolator({ entry, root, causation, supervisor, secretsOf, environment: withoutOwnVariables(process.env), refuse: (faults) => new BootError(faults) })
