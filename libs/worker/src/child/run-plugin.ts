import type { ApiError, Secrets } from '@mortise/sdk'
import { Carrier } from '@app/causation'
import type { PluginCandidate } from '@app/packages'
import type { GuestServices, PluginReader, StartedPlugin } from '@app/pipeline'
import { packError } from '../wire/error.format.js'
import type { ForHost, ForPlugin, Started, StartOrder } from '../wire/messages.js'
import { answerPayload, unpackValue } from '../wire/payload.format.js'
import type { Port } from '../wire/port.js'
import { CrossingError, Wire } from '../wire/wire.js'
import { workerErrors } from '../worker.errors.js'
import { openChildPort } from './child-port.js'
import { describeDefinition, type NumberedHandler } from './describe-definition.js'
import { RemoteApi, RemoteEvents, RemoteLogger, RemoteRealtime, RemoteStore, type CallHost } from './remote-services.js'

/** What a child is made from; the host's composition knows these rooms, this one does not. */
export interface ChildParts {
  /** The reader of the plugin's shape, made with what the order says of the host. */
  readonly createReader: (facts: StartOrder['facts']) => PluginReader | Promise<PluginReader>
  /** Imports the package in a folder. */
  readonly read: (folder: string, place: string) => Promise<PluginCandidate>
  readonly secretsOf: (plugin: string, values: Readonly<Record<string, string>>) => Secrets
  /** Megabytes that a process may have, which the host says as the first word of its command line; no limit when absent. */
  readonly memory?: number
}

/**
 * Makes this thread or process the place where one plugin runs: loads it when
 * the host says so, and answers the host's calls from then on.
 */
export function runPlugin(parts: ChildParts, port: Port = openChildPort(parts.memory)): void {
  const plugin = new IsolatedPlugin(parts, port)
  process.on('uncaughtException', (thrown) => plugin.crash(thrown))
}

class IsolatedPlugin {
  readonly #wire: Wire<ForPlugin, ForHost>
  readonly #carrier = new Carrier()
  #started: StartedPlugin | undefined
  #handlers: readonly NumberedHandler[] = []
  #translate: (thrown: unknown) => unknown = (thrown) => thrown
  #realtime: RemoteRealtime | undefined

  constructor(private readonly parts: ChildParts, port: Port) {
    this.#wire = new Wire<ForPlugin, ForHost>(port, {
      start: (order) => this.#start(order),
      run: (handler, payload, cause) => this.#carrier.carry(cause, () => this.#run(this.#handlers[handler] as NumberedHandler, payload)),
      notify: (subscription, notification, cause) => this.#carrier.carry(cause, () => this.#realtime?.notify(subscription, notification)),
      ping: () => undefined,
      close: () => this.#started?.close(),
    })
  }

  /** Nobody knows what state the plugin is in once its code threw where nobody catches: it ends, and the host starts it anew. */
  crash(thrown: unknown): void {
    void this.#wire.call('crash', packError(thrown)).finally(() => process.exit(1))
  }

  async #start(order: StartOrder): Promise<Started> {
    const { identity, config, common, facts } = order
    try {
      const reader = await this.parts.createReader(facts)
      const candidate = await this.parts.read(order.folder, order.place)
      this.#started = await reader.start(candidate, { identity, config, common, limit: 0, services: this.#services(order) })
    } catch (thrown) {
      const faults = (thrown as { faults?: readonly ApiError[] } | null | undefined)?.faults
      if (!faults) throw thrown
      return { faults: faults.map((fault) => packError(fault)) }
    }
    const { shape, handlers } = describeDefinition(this.#started.definition)
    this.#handlers = handlers
    this.#translate = this.#started.definition.translate ?? this.#translate
    return { shape }
  }

  /** Whoever is only told gives its answer to nobody; its failure is still the host's to log. */
  async #run({ call, isHook }: NumberedHandler, payload: Parameters<ForPlugin['run']>[1]): Promise<ReturnType<ForPlugin['run']>> {
    if (!isHook) return answerPayload(payload, (...values) => this.#translated(call, values))
    await this.#translated(call, payload.map((value) => unpackValue(value)))
    return undefined
  }

  async #translated(call: NumberedHandler['call'], values: readonly unknown[]): Promise<unknown> {
    try {
      return await call(...values)
    } catch (thrown) {
      throw this.#translate(thrown)
    }
  }

  #services({ identity: { name }, secrets }: StartOrder): GuestServices {
    const callHost: CallHost = (call, ...values) => this.#wire.call(call, ...values).catch((thrown: unknown) => {
      throw CrossingError.is(thrown) ? workerErrors.cannot_cross(name, `A call of "${call}"`, thrown.message) : thrown
    })
    const logger = new RemoteLogger((call, ...values) => this.#wire.tell(call, ...values))
    this.#realtime = new RemoteRealtime(name, callHost, logger)
    const services: Omit<GuestServices, 'pipeline'> = {
      logger, realtime: this.#realtime, api: new RemoteApi(callHost, this.#carrier), events: new RemoteEvents(callHost, this.#carrier), store: new RemoteStore(callHost),
      secrets: this.parts.secretsOf(name, secrets),
      // What arrives has passed the host's filter, which knows more than can be seen here.
      filter: (_where, listener) => listener,
    }
    // The corridor is the host's; only readers of other shapes, which do not run here, ask for it.
    return services as GuestServices
  }
}
