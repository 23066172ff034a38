import { createId, type User } from '@mortise/sdk'
import { KnownTypes, Statistics } from '@app/api'
import { checkDurableHooks, checkSchedules, Deliverer, Scheduler } from '@app/background'
import { Causation } from '@app/causation'
import { rewriteAnswer } from '@app/classic'
import { createOriginRule, Gateway } from '@app/gateway'
import { createPipeline, type Pipeline } from '@app/pipeline'
import { EventBus, Registry } from '@app/registry'
import { Deadlines, Slots, Supervisor, systemClock } from '@app/supervision'
import { RealtimeHub } from '@app/realtime'
import { createSecurity, type Security } from '@app/security'
import { openMemoryStore, type MemoryStore } from '@app/memory'
import type { DocumentStore } from '@app/storage'
import type { MortiseConfig } from './config-schema.js'
import type { SecretsByPlugin } from '@app/secrets'
import type { Instruments } from './instruments.js'
import type { HostLogger } from './logger.js'
import { openStore } from './open-store.js'

/** What rooms are made from. */
export interface RoomsParts {
  readonly config: MortiseConfig
  readonly secrets: SecretsByPlugin
  readonly logger: HostLogger
  /** The file of the embedded store, absolute. */
  readonly file: string
  readonly instruments?: Instruments
}

/** The plugin that the host's own controllers are. */
export const BUILT_IN = 'built-in'

/** The name under which the host's own secrets stand beside those of plugins. */
const HOST_SECRETS = 'host'

/** The rooms of a host, each made once and handed to those that stand on it. */
export class Rooms {
  readonly nodeId = `mortise-${createId().slice(0, 8)}`
  readonly supervisor: Supervisor
  readonly registry: Registry
  readonly bus: EventBus
  readonly store: DocumentStore
  readonly memory: MemoryStore
  readonly security: Security
  readonly slots: Slots
  readonly causation: Causation
  readonly pipeline: Pipeline
  readonly gateway: Gateway
  readonly realtime: RealtimeHub
  readonly deliverer: Deliverer
  readonly scheduler: Scheduler
  /** The types that specifications may name. */
  readonly types = new KnownTypes()
  readonly statistics = new Statistics(() => this.gateway.entryPoint.connections.counts)
  /** Set once the host goes down: from then on requests are refused. */
  isClosing = false

  constructor({ config, secrets, logger, file, instruments = {} }: RoomsParts) {
    const { clock = systemClock, aroundListener } = instruments
    const { limits, server, plugins: { common }, storage } = config
    const deadlines = new Deadlines(instruments.clock)
    this.supervisor = new Supervisor({
      host: BUILT_IN,
      logger, pipeTimeout: common.pipeTimeout, slowAfter: common.pipeWarnTime, quarantineAfter: common.quarantineAfter,
      clock: instruments.clock && (() => clock.now()), deadlines, around: aroundListener,
      joinChain: (call) => this.causation.join(call),
    })
    this.registry = new Registry(this.supervisor)
    this.bus = new EventBus(this.registry, { ...common, deadlines }, logger)
    logger.onMessage((level, message) => this.bus.log(level, message))
    this.memory = openMemoryStore(config.memoryStorage.url, () => clock.now())
    this.store = openStore(storage.url, file)
    this.security = createSecurity({
      store: this.store, registry: this.registry, bus: this.bus, logger, supervisor: this.supervisor, clock, options: securityOptions(config, secrets),
    })
    this.registry.addCheck(checkDurableHooks)
    this.causation = new Causation({ depth: limits.causationDepth, fanOut: limits.causationFanOut })
    this.registry.addCheck(checkSchedules)
    this.scheduler = new Scheduler({ schedules: this.store.schedules, registry: this.registry, clock, logger, supervisor: this.supervisor, owner: this.nodeId })
    this.deliverer = new Deliverer({
      causation: this.causation, supervisor: this.supervisor,
      outbox: this.store.outbox, registry: this.registry, bus: this.bus, logger, clock, owner: this.nodeId, options: config.deliveries,
    })
    this.slots = new Slots(limits.concurrentRequests, limits.requestsBufferSize)
    this.pipeline = createPipeline({
      registry: this.registry,
      bus: this.bus,
      gate: this.security,
      counter: this.statistics,
      causation: this.causation, logger,
      admission: {
        slots: this.slots, isClosing: () => this.isClosing, isOriginAllowed: createOriginRule(server.http.accessControlAllowOrigin),
      },
    })
    this.gateway = new Gateway({
      registry: this.registry, bus: this.bus, pipeline: this.pipeline, supervisor: this.supervisor, config: server, logger, rewriteOld: rewriteAnswer,
      isReady: () => !this.isClosing, doorTimeout: common.initTimeout,
    })
    const { entryPoint, protocols: sink } = this.gateway
    const isConnected = (id: string): boolean => entryPoint.connections.get(id) !== undefined
    this.realtime = new RealtimeHub({ registry: this.registry, bus: this.bus, logger, limits, nodeId: this.nodeId, sink, isConnected })
    this.security.onTokenEnd(({ connectionId }) => this.realtime.endToken(connectionId))
    entryPoint.onGone((connection) => {
      this.realtime.forget(connection)
      this.security.forgetConnection(connection.id)
    })
  }

  /** @throws `security.user.not_found` */
  readonly loadUser = (id: string): Promise<User> => this.security.services.users.load(id)
}

function securityOptions({ security, server, limits }: MortiseConfig, secrets: SecretsByPlugin): Parameters<typeof createSecurity>[0]['options'] {
  const trusted = server.http.accessControlAllowOrigin.filter((origin) => origin !== '*')
  return {
    ...security,
    jwt: { ...security.jwt, secret: secrets[HOST_SECRETS]?.jwt },
    cookieAuthentication: server.http.cookieAuthentication,
    // Cookies are sent by any page that asks: only origins that are named may use them.
    isOriginTrusted: createOriginRule(trusted),
    loginsPerSecond: limits.loginsPerSecond,
  }
}
