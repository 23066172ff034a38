import { createError, createErrorFrom, type Logger } from '@mortise/sdk'
import { PrivateStore, type DocumentStore } from '@app/storage'
import { MutexLock } from '../context/locks.js'
import type { Stage } from './stage.js'

/** Sets something up, once for all nodes of a cluster and for good. */
type InstallHandler = () => unknown

/** Where it is recorded what was installed, and who takes care that one node does it. */
interface InstallationDesk {
  readonly store: DocumentStore
  readonly nodeId: string
  readonly logger: Logger
}

/** Milliseconds after which another node takes over from one that went away while it installed. */
const LEASE = 30_000
const LOCK = 'application:installations'
/** The host's own index of what was put in place. */
const RECORDS = { plugin: 'mortise-imports', collection: 'installations' }

interface InstallationRecord {
  readonly description: string | null
  /** Milliseconds since 1970. */
  readonly installedAt: number
  readonly nodeId: string
}

/** `app.install`: functions that set up what the application needs, each run once whatever the number of nodes and starts. */
export class ApplicationInstallations {
  readonly #declared = new Map<string, { handler: InstallHandler; description?: string }>()

  constructor(private readonly stage: Stage) {}

  /**
   * Declares one. It runs when the application starts, after its imports and before clients come.
   *
   * @param id - What it is recorded as: under another id it would run again
   * @throws `plugin.runtime.already_started`; `plugin.runtime.unexpected_installation_error` for an id that is no text or taken, or what is no function
   */
  readonly declare = (id: string, handler: InstallHandler, description?: string): void => {
    this.stage.refuseWhenStarted('install')
    const fault = this.#faultOf(id, handler)
    if (fault) throw createError('plugin.runtime.unexpected_installation_error', String(id), fault).with({ place: 'app.install' })
    this.#declared.set(id, { handler, description })
  }

  /**
   * Runs those that no node has run yet, in the order of their declaration. Other nodes wait meanwhile. One that fails ends the start and is
   * tried again at the next; so is one whose node went away before it ended.
   *
   * @throws `plugin.runtime.unexpected_installation_error` with what the handler threw as its cause
   */
  async run({ store, nodeId, logger }: InstallationDesk): Promise<void> {
    if (this.#declared.size === 0) return
    const records = new PrivateStore(store, RECORDS.plugin).repository<InstallationRecord>(RECORDS.collection)
    const lock = new MutexLock(store.locks, LOCK, { ttl: LEASE })
    await lock.lock()
    const prolonging = setInterval(() => void lock.prolong().catch((error: unknown) => logger.warn(error)), LEASE / 3)
    try {
      for (const [id, { handler, description }] of this.#declared) {
        if (await records.get(id)) continue
        await settled(id, handler)
        await records.create({ _id: id, description: description ?? null, installedAt: Date.now(), nodeId })
        logger.info(`Installation "${id}" is done.`)
      }
    } finally {
      clearInterval(prolonging)
      await lock.unlock()
    }
  }

  #faultOf(id: unknown, handler: unknown): string | undefined {
    if (typeof id !== 'string' || id === '') return 'its id is no text'
    if (this.#declared.has(id)) return 'it is declared already'
    return typeof handler === 'function' ? undefined : 'its handler is no function'
  }
}

async function settled(id: string, handler: InstallHandler): Promise<void> {
  try {
    await handler()
  } catch (thrown) {
    const fault = thrown instanceof Error ? thrown.message : String(thrown)
    throw createErrorFrom(thrown, 'plugin.runtime.unexpected_installation_error', id, fault).with({ place: `the application → app.install(${id})` })
  }
}
