import { BootError, DecoratedReader } from '@app/loader'
import { WorkerReader } from '@app/worker'
import type { SecretsByPlugin } from '@app/secrets'
import { withoutOwnVariables } from './own-variables.js'
import type { Rooms } from './rooms.js'
import { VERSION } from './version.js'

/** What the reader of decorated plugins is made from. */
interface ReaderParts {
  readonly root: string
  readonly secrets: SecretsByPlugin
  readonly rooms: Pick<Rooms, 'causation' | 'supervisor'>
  /** What threads and processes begin with; the module beside this one when absent. */
  readonly entry?: URL
}

/** Reads decorated plugins, each to run where `plugins.<name>.isolation` says. */
export function createDecoratedReader({ root, secrets, rooms: { causation, supervisor }, entry = new URL('./plugin-child.js', import.meta.url) }: ReaderParts): WorkerReader {
  return new WorkerReader({
    reader: new DecoratedReader(VERSION),
    entry, root, causation, supervisor,
    secretsOf: (plugin) => secrets[plugin] ?? {},
    environment: withoutOwnVariables(process.env),
    refuse: (faults) => new BootError(faults),
  })
}
