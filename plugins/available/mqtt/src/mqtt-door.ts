import type { Server, Socket } from 'node:net'
import {
  BadRequestError, Channels, Config, Logger, Protocol, Request,
  type ChannelMessage, type DirectMessage, type EntryPoint, type ProtocolMethods, type RequestData,
} from '@mortise/sdk'
import { Aedes, type AedesOptions, type Client } from 'aedes'
import { identify, Refusal } from './credentials.js'
import { errors } from './errors.js'
import { limitPackets } from './limit-packets.js'
import { MqttClient } from './mqtt-client.js'
import { openServer, portOf } from './open-server.js'
import type { Settings } from './settings.js'
import { TopicRules } from './topic-rules.js'
import { writeAnswer, writeFailure } from './write-answer.js'

/** Room for a topic and the rest of a packet around its payload. */
const AROUND_PAYLOAD = 2 ** 16 + 16

/** Clients that speak MQTT. The broker carries packets; what they mean is decided here. */
@Protocol('mqtt')
export class MqttDoor implements ProtocolMethods {
  readonly #settings: Settings
  readonly #rules: TopicRules
  readonly #clients = new Map<Client, MqttClient>()
  readonly #byConnection = new Map<string, MqttClient>()
  /** Who listens on which topic, and who subscribed to which channel of the host. */
  readonly #listeners = new Channels<MqttClient>()
  readonly #members = new Channels<MqttClient>()
  readonly #farewells = new Map<NodeJS.Timeout, MqttClient>()
  #broker: Aedes | undefined
  #server: Server | undefined
  #entryPoint!: EntryPoint

  constructor(config: Config<Settings>, private readonly logger: Logger) {
    this.#settings = config.values
    this.#rules = new TopicRules(config.values)
  }

  async start(entryPoint: EntryPoint): Promise<void> {
    this.#entryPoint = entryPoint
    this.#broker = await this.#openBroker()
    try {
      this.#server = await openServer(this.#settings, (socket) => this.#accept(socket))
    } catch (error) {
      this.#broker.close()
      throw error
    }
    this.#server.on('error', (error) => this.logger.error(error))
    this.logger.info(`MQTT listens on port ${portOf(this.#server)}.`)
  }

  async stop(): Promise<void> {
    const [server, broker] = [this.#server, this.#broker]
    this.#server = this.#broker = undefined
    const closed = new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()))
    for (const client of this.#clients.values()) client.close()
    for (const [timer, client] of this.#farewells) {
      clearTimeout(timer)
      this.#forget(client)
    }
    this.#farewells.clear()
    await closed
    await new Promise<void>((resolve) => (broker ? broker.close(resolve) : resolve()))
  }

  /** To those who subscribed to the topic and, unless channels are open, to what the channel is about. */
  broadcast({ channels, payload }: ChannelMessage): void {
    for (const channel of channels) {
      let text: string | undefined
      for (const client of this.#listeners.membersOf(channel) ?? []) {
        if (this.#settings.openChannels || this.#members.has(channel, client)) client.publish(channel, text ??= JSON.stringify({ ...payload, room: channel }))
      }
    }
  }

  notify({ connectionId, channels, payload }: DirectMessage): void {
    const client = this.#byConnection.get(connectionId)
    for (const channel of channels) client?.publish(channel, JSON.stringify({ ...payload, room: channel }))
  }

  joinChannel(channel: string, connectionId: string): void {
    const client = this.#byConnection.get(connectionId)
    if (client) this.#members.join(channel, client)
  }

  leaveChannel(channel: string, connectionId: string): void {
    const client = this.#byConnection.get(connectionId)
    if (client) this.#members.leave(channel, client)
  }

  disconnect(connectionId: string, reason = 'no reason given'): void {
    this.logger.debug(`Connection ${connectionId} is sent away: ${reason}.`)
    this.#byConnection.get(connectionId)?.close()
  }

  async #openBroker(): Promise<Aedes> {
    const broker = await Aedes.createBroker({ connectTimeout: this.#settings.connectTimeout, drainTimeout: 10_000, ...this.#handlers() })
    broker.on('publish', ({ topic, payload }, client) => {
      const known = client && this.#clients.get(client)
      if (!known || topic !== this.#settings.requestTopic) return
      // A packet may be longer than a request, by the topic before it.
      if (payload.length > this.#entryPoint.config.maxRequestSize) return known.close()
      void this.#receive(known, payload.toString())
    })
    // What was refused has a QoS that there is none of.
    broker.on('subscribe', (subscriptions, client) => this.#listen(client, subscriptions.filter(({ qos }) => qos <= 2).map(({ topic }) => topic), []))
    broker.on('unsubscribe', (topics, client) => this.#listen(client, [], topics))
    for (const event of ['clientError', 'connectionError'] as const) broker.on(event, (_client, error) => this.logger.debug(error))
    return broker
  }

  #handlers(): AedesOptions {
    return {
      preConnect: (_client, packet, done) => {
        // Nothing is kept for whoever is away: queues of strangers would fill the memory.
        packet.clean = true
        done(null, true)
      },
      authenticate: (client, username, password, done) => {
        this.#admit(client, { username, password: password?.toString() }).then(
          () => done(null, true),
          (error: Error) => done(Object.assign(error, { returnCode: error instanceof Refusal ? error.returnCode : 3 }), false),
        )
      },
      authorizePublish: (_client, packet, done) => {
        packet.retain = false
        done(this.#rules.mayPublish(packet.topic, this.#members.membersOf(packet.topic) !== undefined) ? null : new Error(`nobody may publish on "${packet.topic}"`))
      },
      authorizeSubscribe: (client, subscription, done) => {
        const known = this.#clients.get(client)
        const topics = known && this.#listeners.countOf(known)
        done(null, topics !== undefined && this.#rules.maySubscribe(subscription.topic, topics) ? subscription : null)
      },
    }
  }

  #listen(client: Client, begun: readonly string[], ended: readonly string[]): void {
    const known = this.#clients.get(client)
    if (!known) return
    for (const topic of begun) this.#listeners.join(topic, known)
    for (const topic of ended) this.#listeners.leave(topic, known)
  }

  #accept(socket: Socket): void {
    if (!this.#broker) return void socket.destroy()
    limitPackets(socket, this.#entryPoint.config.maxRequestSize + AROUND_PAYLOAD)
    const client = this.#broker.handle(socket)
    this.#clients.set(client, new MqttClient(client, socket, this.#settings))
    socket.once('close', () => this.#leave(client))
  }

  /** @throws Refusal */
  async #admit(client: Client, credentials: { username: string | undefined; password: string | undefined }): Promise<void> {
    const known = this.#clients.get(client)
    if (!known || this.#entryPoint.isShuttingDown) throw new Refusal(3, 'the host is stopping')
    this.#byConnection.set(known.connection.id, known)
    this.#entryPoint.newConnection(known.connection)
    await identify(known, credentials, this.#entryPoint, this.#settings)
  }

  /** A client has gone. Its last will and what it asked are still worked on, so the host forgets it a little later. */
  #leave(client: Client): void {
    const known = this.#clients.get(client)
    if (!known) return
    known.release()
    const isStopping = this.#server === undefined
    if (isStopping || this.#settings.disconnectDelay === 0) return this.#forget(known)
    const timer = setTimeout(() => {
      this.#farewells.delete(timer)
      this.#forget(known)
    }, this.#settings.disconnectDelay)
    this.#farewells.set(timer, known)
  }

  #forget(known: MqttClient): void {
    this.#clients.delete(known.client)
    this.#listeners.leaveAll(known)
    this.#members.leaveAll(known)
    this.#byConnection.delete(known.connection.id)
    this.#entryPoint.removeConnection(known.connection.id)
  }

  /** Answers one request. Never throws. */
  async #receive(client: MqttClient, text: string): Promise<void> {
    let data: unknown
    try {
      if (client.isTooFast()) throw errors.too_fast()
      data = this.#entryPoint.parseJson(text)
      const answer = await this.#entryPoint.execute(client.connection, readRequest(data, client))
      this.#answer(client, writeAnswer(answer))
    } catch (error) {
      this.#answer(client, writeFailure(data, error))
    }
  }

  #answer(client: MqttClient, text: string): void {
    const { developmentMode, responseTopic } = this.#settings
    client.publish(responseTopic, text)
    if (!developmentMode || !this.#entryPoint.config.development) return
    for (const other of this.#listeners.membersOf(responseTopic) ?? []) if (other !== client) other.publish(responseTopic, text)
  }
}

/** What the client proved when it connected holds for requests that bring no proof of their own. @throws BadRequestError */
function readRequest(data: unknown, { connection, jwt }: MqttClient): Request {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw new BadRequestError('A request must be a JSON object.')
  const { action, controller } = data as RequestData
  const isLogin = controller === 'auth' && action === 'login'
  return new Request({ ...(jwt !== undefined && !isLogin && { jwt }), ...data }, { connection })
}
