import { Global, Inject, Module, type BeforeApplicationShutdown, type DynamicModule, type OnApplicationBootstrap } from '@nestjs/common'
import { HttpAdapterHost, ModulesContainer } from '@nestjs/core'
import type { FastifyInstance } from 'fastify'
import type { HostedApplication } from '@app/classic'
import { HOST_ACCESS, pipedEvents, routedActions, type DirectServer, type HostAccess } from '@app/gateway'
import { EventBus } from '@app/registry'
import { Pipeline } from '@app/pipeline'
import { checkConfig } from './config.js'
import type { MortiseConfig, MortiseConfigInput } from './config-schema.js'
import type { SecretsByPlugin } from '@app/secrets'
import { MortiseHost } from './host.js'
import type { Instruments } from './instruments.js'
import { openLog, type HostLogger } from './logger.js'

/** What `MortiseModule.forRoot` takes; everything is optional. */
export interface MortiseOptions {
  /** The folder that relative paths start at; the working directory when absent. */
  readonly root?: string
  /** The configuration, as in `mortise.config.json`; checked as a whole. */
  readonly config?: MortiseConfigInput
  /** Yields the configuration as it is now, checked as a whole, for plugins that are reloaded or enabled; without it theirs stays as `config` has it. */
  readonly rereadConfig?: () => MortiseConfig
  readonly secrets?: SecretsByPlugin
  /** Plugin classes to load beside those of the enabled folder. */
  readonly plugins?: readonly unknown[]
  readonly logger?: HostLogger
  /** Whether plugins are being written: their files are watched and imported anew; `server.development` of the configuration when absent. */
  readonly isDevelopment?: boolean
  /** Whether somebody else follows the files of plugins, has them reloaded, and starts the host again when one takes it down, as `mortise dev` does. */
  readonly isDriven?: boolean
  /** Told when a client asks the host to stop, by `admin:shutdown`; ignored when absent. */
  readonly onShutdownRequest?: () => void
  /** A classic application that starts this host around itself. */
  readonly application?: HostedApplication
  /** What test hosts have, and hosts in development some of. */
  readonly instruments?: Instruments
  /** A server of the host's own; without it the host answers what the routes of the application's Fastify leave. */
  readonly server?: DirectServer
}

/** The server of the host's own, or `null`. */
const SERVER = Symbol('server')

/**
 * The host as a Nest module, for an application on Fastify: its plugins answer
 * whatever routes the application itself leaves, on the same port, over HTTP
 * and WebSocket. `AccessGuard` and `PipesInterceptor` put controllers of the
 * application under the host's rights and pipes.
 *
 * @throws ConfigError or BootError while the application starts.
 *
 * @example
 * @Module({ imports: [MortiseModule.forRoot({ plugins: [HelloWorld] })], controllers: [ShopController] })
 * export class AppModule {}
 */
@Global()
@Module({})
export class MortiseModule implements BeforeApplicationShutdown, OnApplicationBootstrap {
  constructor(
    @Inject(MortiseHost) private readonly host: MortiseHost,
    @Inject(SERVER) private readonly server: DirectServer | null,
    private readonly adapter: HttpAdapterHost,
  ) {}

  static forRoot(options: MortiseOptions = {}): DynamicModule {
    return {
      module: MortiseModule,
      providers: [
        { provide: SERVER, useValue: options.server ?? null },
        { provide: MortiseHost, useFactory: (modules: ModulesContainer) => startHost(options, modules), inject: [ModulesContainer] },
        { provide: EventBus, useFactory: (host: MortiseHost) => host.rooms.bus, inject: [MortiseHost] },
        { provide: Pipeline, useFactory: (host: MortiseHost) => host.rooms.pipeline, inject: [MortiseHost] },
        { provide: HOST_ACCESS, useFactory: ({ rooms }: MortiseHost): HostAccess => ({ gate: rooms.security, bus: rooms.bus }), inject: [MortiseHost] },
      ],
      exports: [MortiseHost, EventBus, Pipeline, HOST_ACCESS],
    }
  }

  /** Doors open once the application's own routes stand and before it listens. */
  async onApplicationBootstrap(): Promise<void> {
    const fastify = this.adapter.httpAdapter.getInstance<FastifyInstance>()
    const { gateway } = this.host.rooms
    if (this.server) this.server.open(await gateway.openHttp())
    else await gateway.attach(fastify)
    await gateway.attachWebSocket(this.adapter.httpAdapter.getHttpServer())
    await this.host.openControl()
    fastify.server.once('listening', () => void this.host.announce())
  }

  /** Before the server is closed, which waits for every socket to end. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.host.close()
    this.server?.endConnections()
  }
}

async function startHost(options: MortiseOptions, modules: ModulesContainer): Promise<MortiseHost> {
  const { root = process.cwd(), config = {}, rereadConfig, secrets, plugins = [], logger, isDevelopment, isDriven, onShutdownRequest, application, instruments } = options
  const checked = checkConfig(config)
  const given = plugins.map((exported) => ({ exported, place: 'given by code' }))
  const host = new MortiseHost({
    root, config: checked, rereadConfig, secrets, plugins: given, logger: logger ?? openLog(checked.logging.level), isDevelopment, isDriven, onShutdownRequest, application, instruments,
  })
  const { foreignEvents, foreignActions } = host.rooms.registry
  for (const event of pipedEvents(modules)) foreignEvents.add(event)
  for (const { controller, action } of routedActions(modules)) foreignActions.set(controller, (foreignActions.get(controller) ?? new Set()).add(action))
  await host.start()
  return host
}
