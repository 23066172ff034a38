import { Request, type ClientConnection, type DoorSettings, type EntryPoint, type Logger, type RequestData, type ResponsePayload } from '@mortise/sdk'
import { isRecord } from '../classic-plugin.js'
import { ClassicConnection } from './classic-connection.js'

type Answered = (payload: ResponsePayload) => unknown

/** What protocol plugins find at `entryPoint.config`. */
export type ClassicDoorSettings = DoorSettings & { readonly protocols: Readonly<Record<string, unknown>> }

interface EntryPointParts {
  readonly protocol: string
  readonly entryPoint: EntryPoint
  readonly config: ClassicDoorSettings
  readonly logger: Logger
}

/**
 * The way in as classic protocol plugins know it, of all generations: what is
 * `entryPoint` to newer ones, older ones call `context.accessors.router`.
 * Source: the contract's table of entry point members.
 */
export class ClassicEntryPoint {
  readonly #connections = new Map<string, ClientConnection>()

  constructor(private readonly parts: EntryPointParts) {}

  get config(): ClassicDoorSettings {
    return this.parts.config
  }

  get isShuttingDown(): boolean {
    return this.parts.entryPoint.isShuttingDown
  }

  /** Ids of the clients that were announced and have not gone. */
  get connectionIds(): string[] {
    return [...this.#connections.keys()]
  }

  /** @throws `protocol.runtime.invalid_connection` */
  readonly newConnection = (connection: ClientConnection): void => {
    this.parts.entryPoint.newConnection(connection)
    this.#connections.set(connection.id, connection)
  }

  readonly removeConnection = (id: string): void => {
    this.#connections.delete(id)
    this.parts.entryPoint.removeConnection(id)
  }

  /**
   * Runs a request and hands the answer to the callback, which comes last.
   * Before it stands the request, as an object of ours or as plain data, and,
   * before or after that, its connection. Without one it is made by nobody.
   */
  readonly execute = (...given: unknown[]): void => {
    const callback = given.find((value): value is Answered => typeof value === 'function')
    const values = given.filter(isRecord)
    const connection = values.find(isConnection)
    const asked = values.find((value) => value !== connection)
    const client = connection ?? this.#clientOf(asked)
    const request = isRequest(asked) ? asked : new Request((asked ?? {}) as RequestData, { connection: client })
    this.parts.entryPoint.execute(client, request).then((payload) => callback?.(payload)).catch((thrown: unknown) => this.parts.logger.error(thrown))
  }

  readonly logAccess = (connection: ClientConnection, request: Request, extra = ''): void => {
    this.parts.logger.verbose(`${connection.protocol} ${connection.ips.join(', ')} ${request.input.controller}:${request.input.action} ${request.status} ${extra}`.trim())
  }

  #clientOf(asked: unknown): ClientConnection {
    const id = isRequest(asked) ? asked.context.connection.id : null
    return this.#connections.get(id ?? '') ?? new ClassicConnection(this.parts.protocol)
  }
}

const isRequest = (value: unknown): value is Request => isRecord(value) && isRecord(value.input) && isRecord(value.context)

/** Told from the data of a request, which has no list of addresses. */
const isConnection = (value: Record<string, unknown>): value is Record<string, unknown> & ClientConnection =>
  typeof value.id === 'string' && typeof value.protocol === 'string' && Array.isArray(value.ips)
