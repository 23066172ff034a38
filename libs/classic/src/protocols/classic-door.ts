import { errorClasses, KuzzleError, RequestContext, RequestInput, type ChannelMessage, type DirectMessage, type EntryPoint, type Logger, type ProtocolMethods } from '@mortise/sdk'
import { isRecord, type ClassicPlugin, type PluginFunction } from '../classic-plugin.js'
import { classicLog } from '../context/log.js'
import { ClassicRequest } from '../context/request-constructor.js'
import { ParentProtocol } from './parent-protocol.js'
import { ClassicConnection } from './classic-connection.js'
import { ClassicEntryPoint, type ClassicDoorSettings } from './classic-entry-point.js'

const METHODS = ['broadcast', 'notify', 'joinChannel', 'leaveChannel'] as const

/** Whether a constructed plugin is a door for clients of another protocol. Source: the contract's signs of a plugin's kind. */
export const isProtocol = (plugin: ClassicPlugin): boolean => METHODS.every((method) => typeof plugin[method] === 'function')

/** A protocol plugin, with its name and its own section of the configuration. */
export interface DoorParts {
  readonly name: string
  readonly plugin: ClassicPlugin
  readonly config: Record<string, unknown>
  readonly logger: Logger
}

/**
 * A classic protocol plugin as a door of ours. Its generations are told apart
 * by what they take: `init` gets one argument that is both entry point and
 * configuration, and a method with a single parameter gets a single object.
 */
export class ClassicDoor implements ProtocolMethods {
  #entryPoint: ClassicEntryPoint | undefined

  constructor(private readonly parts: DoorParts) {}

  async start(wayIn: EntryPoint): Promise<void> {
    const { name, plugin, config, logger } = this.parts
    const entryPoint = new ClassicEntryPoint({ protocol: name, entryPoint: wayIn, config: settingsOf(wayIn, name, config), logger })
    this.#entryPoint = entryPoint
    await plugin.init(withConfig(entryPoint, config), contextOf(entryPoint, logger))
  }

  /** The contract has no word for the end: clients are sent away, one by one. */
  stop(): void {
    for (const id of this.#entryPoint?.connectionIds ?? []) {
      this.disconnect(id, 'The host stops.')
      this.#entryPoint?.removeConnection(id)
    }
  }

  broadcast(message: ChannelMessage): void {
    this.#tell('broadcast', message)
  }

  notify(message: DirectMessage): void {
    this.#tell('notify', message)
  }

  joinChannel(channel: string, connectionId: string): void {
    this.#tellOfChannel('joinChannel', channel, connectionId)
  }

  leaveChannel(channel: string, connectionId: string): void {
    this.#tellOfChannel('leaveChannel', channel, connectionId)
  }

  disconnect(connectionId: string, reason?: string): void {
    this.#tell('disconnect', connectionId, reason)
  }

  /** What it throws, now or later, is its caller's to log. */
  #tell(method: string, ...given: unknown[]): void {
    const { plugin } = this.parts
    const call = plugin[method] as PluginFunction | undefined
    return call?.apply(plugin, given) as undefined
  }

  #tellOfChannel(method: 'joinChannel' | 'leaveChannel', channel: string, connectionId: string): void {
    const isOld = (this.parts.plugin[method] as PluginFunction).length === 1
    return isOld ? this.#tell(method, { channel, connectionId }) : this.#tell(method, channel, connectionId)
  }
}

/** The plugin's section stands where each generation looks for it. */
function settingsOf({ config }: EntryPoint, name: string, own: Record<string, unknown>): ClassicDoorSettings {
  const { protocols = {} } = config as Partial<ClassicDoorSettings>
  const section = { ...isRecord(protocols[name]) && protocols[name], ...own }
  return { ...config, protocols: { ...protocols, [name]: section }, [name]: section } as ClassicDoorSettings
}

/** The first argument of `init`: the entry point, and beside its members the configuration, which the oldest plugins expect there. */
const withConfig = (entryPoint: ClassicEntryPoint, config: Record<string, unknown>): object =>
  Object.defineProperties(entryPoint, Object.fromEntries(
    Object.entries(structuredClone(config)).filter(([key]) => !(key in entryPoint)).map(([key, value]) => [key, { value, enumerable: true, writable: true }]),
  ))

/** The second argument of `init`, with the names of every generation. */
function contextOf(entryPoint: ClassicEntryPoint, logger: Logger): Record<string, unknown> {
  const log = classicLog(logger)
  const classes = { ClientConnection: ClassicConnection, Request: ClassicRequest, RequestContext, RequestInput }
  const { newConnection, removeConnection, execute } = entryPoint
  return {
    ...classes,
    Protocol: ParentProtocol,
    constructors: classes,
    errors: { ...errorClasses, KuzzleError },
    accessors: { router: { newConnection, removeConnection, execute } },
    log,
    debug: log.debug,
  }
}
