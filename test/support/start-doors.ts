import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import { Gateway, defaultServerConfig, fastifyOptions, type HttpConfig, type ServerConfig, type WebSocketConfig } from '@app/gateway'
import { createPipeline } from '@app/pipeline'
import { EventBus, Registry, type ActionDefinition, type PluginDefinition } from '@app/registry'
import { Slots, Supervisor } from '@app/supervision'
import { OpenGate, type Gate } from '@app/security'
import { fastify } from 'fastify'
import { WebSocket, type ClientOptions } from 'ws'
import { definePlugin } from './define-plugin.js'
import { RecordingLogger } from './recording-logger.js'

/** What of the doors differs from their defaults. */
export interface DoorOptions extends Partial<Omit<ServerConfig, 'http' | 'websocket'>> {
  http?: Partial<HttpConfig>
  websocket?: Partial<WebSocketConfig>
  plugins?: readonly PluginDefinition[]
  gate?: Gate
  isReady?: () => boolean
  doorTimeout?: number
}

/** Both doors on a free port, in front of a pipeline that everybody may use. */
export async function startDoors({ http, websocket, plugins = [], gate = new OpenGate(), isReady, doorTimeout, ...server }: DoorOptions = {}) {
  const logger = new RecordingLogger()
  const registry = new Registry()
  const bus = new EventBus(registry, { pipeTimeout: 5_000, maxConcurrentPipes: 50, pipesBufferSize: 50_000 }, logger)
  const admission = { slots: new Slots(100, 50_000), isClosing: () => false, isOriginAllowed: () => true }
  const pipeline = createPipeline({ registry, bus, gate, admission })
  const config: ServerConfig = {
    ...defaultServerConfig, ...server,
    http: { ...defaultServerConfig.http, ...http },
    websocket: { ...defaultServerConfig.websocket, ...websocket },
  }
  const supervisor = new Supervisor({ logger })
  const gateway = new Gateway({ registry, bus, pipeline, supervisor, logger, config, isReady, doorTimeout })
  plugins.forEach((plugin) => registry.register(plugin))
  const app = fastify(fastifyOptions())
  await gateway.attach(app)
  await gateway.attachWebSocket(app.server)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const close = async (): Promise<void> => {
    await gateway.close()
    app.server.closeAllConnections()
    await app.close()
  }
  return { app, bus, close, supervisor, gateway, logger, port, registry, url: `http://127.0.0.1:${port}` }
}

export type Doors = Awaited<ReturnType<typeof startDoors>>

/** An action from its handler and routes, `GET /path` each. */
export const defineAction = (name: string, handler: ActionDefinition['handler'], ...routes: string[]): ActionDefinition => ({
  name,
  handler,
  routes: routes.map((route) => {
    const [verb, path] = route.split(' ') as [ActionDefinition['routes'][number]['verb'], string]
    return { verb, path }
  }),
})

/** A plugin of one controller, both called `name`. */
export const defineController = (name: string, ...actions: ActionDefinition[]): PluginDefinition =>
  definePlugin({ name, controllers: [{ name, actions }] })

/** Writes bytes to a port as they are, and resolves to everything that comes back until the server closes or `isDone`. */
export async function exchangeBytes(port: number, bytes: string | Buffer, isDone: (answer: string) => boolean = () => false): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.setEncoding('latin1')
  socket.write(bytes)
  await new Promise<void>((resolve, reject) => {
    socket.on('data', (chunk: string) => {
      answer += chunk
      if (isDone(answer)) resolve()
    })
    socket.on('close', () => resolve())
    socket.on('error', reject)
  }).finally(() => socket.destroy())
  return answer
}

/** A client's socket whose frames can be awaited one after another. */
export async function openSocket(port: number, path = '/', options: ClientOptions = {}) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, options)
  const frames: unknown[] = []
  const waiting: ((frame: unknown) => void)[] = []
  socket.on('message', (data) => {
    const frame: unknown = JSON.parse((data as Buffer).toString())
    const next = waiting.shift()
    if (next) next(frame)
    else frames.push(frame)
  })
  await once(socket, 'open')
  /* eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look at whatever comes */
  const receive = async (): Promise<any> => (frames.length > 0 ? frames.shift() : new Promise((resolve) => waiting.push(resolve)))
  const send = (frame: unknown): void => socket.send(typeof frame === 'string' || frame instanceof Uint8Array ? frame : JSON.stringify(frame))
  return {
    socket, receive, send,
    /** Sends a frame and resolves to the next that comes. */
    ask: (frame: unknown) => {
      send(frame)
      return receive()
    },
    /** Resolves to the close code. */
    closed: async (): Promise<number> => (await once(socket, 'close'))[0] as number,
  }
}
