import type { AddressInfo } from 'node:net'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import { DirectServer, fastifyOptions } from '@app/gateway'
import { AppModule } from './app.module.js'
import { checkConfig } from './config.js'
import type { MortiseConfig } from './config-schema.js'
import { MortiseHost } from './host.js'
import type { MortiseOptions } from './mortise.module.js'

/** A host that listens. */
export interface RunningMortise {
  readonly host: MortiseHost
  readonly port: number
  /** With all defaults filled in. */
  readonly config: MortiseConfig
  /** Ends what is at work, then stops. */
  close(): Promise<void>
}

/**
 * Starts a host with a server of its own.
 *
 * @throws ConfigError, BootError, or the system's error when the port is taken; then nothing is left running.
 */
export async function startMortise(options: MortiseOptions = {}): Promise<RunningMortise> {
  const config = checkConfig(options.config ?? {})
  const { server } = config
  const direct = new DirectServer()
  const adapter = new FastifyAdapter({ ...fastifyOptions(server.http), serverFactory: direct.serverFactory })
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with({ ...options, server: direct }), adapter, {
    bodyParser: false, logger: false, abortOnError: false,
  })
  try {
    await app.listen(server.port, server.host)
  } catch (error) {
    await app.close()
    throw error
  }
  const { port } = app.getHttpServer().address() as AddressInfo
  return { host: app.get(MortiseHost), port, config, close: () => app.close() }
}
