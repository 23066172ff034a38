import { BootError, DecoratedReader } from '@app/loader'
import { WorkerReader } from '@app/worker'
import type { SecretsByPlugin } from '@app/secrets'
import type { Rooms } from './rooms.js'
import { VERSION } from './version.js'

/** Reads decorated plugins, each to run where `plugins.<name>.isolation` says. */
export function createDecoratedReader(root: string, secrets: SecretsByPlugin, { causation, supervisor }: Pick<Rooms, 'causation' | 'supervisor'>): WorkerReader {
  return new WorkerReader({
    reader: new DecoratedReader(VERSION),
    entry: new URL('./plugin-child.js', import.meta.url),
    root, causation, supervisor,
    secretsOf: (plugin) => secrets[plugin] ?? {},
    environment: withoutSettings(process.env),
    refuse: (faults) => new BootError(faults),
  })
}

/** The host's own settings hold secrets of every plugin. */
export const withoutSettings = (environment: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('MORTISE_')))
