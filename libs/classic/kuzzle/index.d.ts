/* eslint-disable @typescript-eslint/no-explicit-any -- what plugins hand to each other is their own affair, and was never typed */
import type { Readable } from 'node:stream'
import { Kuzzle, type JSONObject, type KDocument } from 'kuzzle-sdk'
import { KuzzleError as ApiError, Request, RequestContext, RequestInput, errorClasses, type Class } from '@mortise/sdk'

export * from 'kuzzle-sdk'
export {
  BadRequestError, ExternalServiceError, ForbiddenError, GatewayTimeoutError, InternalError, KuzzleError, MultipleErrorsError, NotFoundError,
  ParseError, PartialError, PluginImplementationError, PreconditionError, Request, Request as KuzzleRequest, RequestContext, RequestInput,
  RequestResponse, ServiceUnavailableError, SizeLimitError, TooManyRequestsError, UnauthorizedError,
} from '@mortise/sdk'

type Handler = string | ((...given: any[]) => any)
type Handlers = Record<string, Handler | Handler[]>

/** What a plugin says about itself. */
export interface PluginManifest {
  /** Semver range of the host versions it is made for. */
  kuzzleVersion: string
  name?: string
  privileged?: boolean
}

/** Which events a plugin is told of. */
export type PluginHookDefinition = Handlers
/** Which events a plugin is asked on. */
export type PluginPipeDefinition = Handlers

export interface HttpRoute {
  verb: string
  path: string
  openapi?: Record<string, any>
}

export interface ControllerDefinition {
  actions: Record<string, { handler: (request: Request) => Promise<any>; http?: HttpRoute[] }>
}

/** Controllers by name. */
export type PluginApiDefinition = Record<string, ControllerDefinition>

/** A way to log in; methods are given by the names that they have on the plugin. */
export interface StrategyDefinition {
  config: { authenticator: string; strategyOptions?: object; authenticateOptions?: object; fields?: string[] }
  methods: Record<string, string>
}

/** Data to import before the host opens. */
export type PluginImports = Partial<Record<'mappings' | 'fixtures' | 'roles' | 'profiles' | 'users' | 'userMappings' | 'onExistingUsers', any>>

/** The base of plugins of the second generation. */
export abstract class Plugin {
  constructor(manifest: PluginManifest)
  context: PluginContext
  config: Record<string, any>
  api?: PluginApiDefinition
  hooks?: PluginHookDefinition
  pipes?: PluginPipeDefinition
  authenticators?: Record<string, Class>
  strategies?: Record<string, StrategyDefinition>
  imports?: PluginImports
  readonly _manifest: PluginManifest
  abstract init(config: Record<string, any>, context: PluginContext): Promise<any> | any
}

/** Makes the errors of a manifest, by name. */
export interface PluginErrors {
  get(name: string, ...facts: any[]): ApiError
  getFrom(cause: Error, name: string, ...facts: any[]): ApiError
  reject(name: string, ...facts: any[]): Promise<never>
}

type Level = 'silly' | 'verbose' | 'debug' | 'info' | 'warn' | 'error'
export type PluginLog = Record<Level, (...messages: any[]) => void>

/** A private collection. */
export interface Repository<T extends object = Record<string, any>> {
  get(id: string): Promise<T & { _id: string }>
  mGet(ids: string[]): Promise<(T & { _id: string })[]>
  search(body?: object, page?: { from?: number; size?: number; scroll?: string }): Promise<{ hits: (T & { _id: string })[]; total: number; scrollId?: string }>
  create(document: object, options?: object): Promise<any>
  createOrReplace(document: object, options?: object): Promise<any>
  replace(document: object, options?: object): Promise<any>
  update(document: object, options?: object): Promise<any>
  delete(id: string, options?: object): Promise<any>
}

/** The second argument of `init`. */
export interface PluginContext {
  config: Readonly<Record<string, any>>
  secrets: Readonly<Record<string, any>>
  log: PluginLog
  logger: PluginLog & { fatal(...messages: any[]): void; trace(...messages: any[]): void }
  errors: typeof errorClasses & { KuzzleError: typeof ApiError }
  errorsManager: PluginErrors
  kerror: PluginErrors
  accessors: {
    execute(request: Request): Promise<Request>
    execute(request: Request, callback: (error: any, request?: Request) => void): void
    trigger(event: string, payload?: any): Promise<any>
    sdk: EmbeddedSDK
    nodeId: string
    storage: { bootstrap(collections: Record<string, any>): Promise<void>; createCollection(name: string, mappings: object): Promise<void> }
    strategies: { add(name: string, strategy: StrategyDefinition): Promise<void>; remove(name: string): Promise<void> }
    subscription: {
      register(connectionId: string, index: string, collection: string, filters: object): Promise<{ channel: string; roomId: string }>
      unregister(connectionId: string, roomId: string, notify?: boolean): Promise<void>
    }
    cluster: {
      broadcast(event: string, payload: any): Promise<void>
      on(event: string, listener: (payload: any) => void): void
      once(event: string, listener: (payload: any) => void): void
      off(event: string, listener: (payload: any) => void): void
    }
    validation: { addType(type: object): void; validate(request: Request, verbose?: boolean): Promise<any> }
  }
  constructors: {
    Request: typeof Request
    RequestContext: typeof RequestContext
    RequestInput: typeof RequestInput
    Repository: new <T extends object = Record<string, any>>(collection: string, type?: new () => T) => Repository<T>
    BaseValidationType: new () => object
    Koncorde: typeof Koncorde
    Mutex: typeof Mutex
  }
}

/** The public client, whose requests stay within the host. */
export class EmbeddedSDK extends Kuzzle {
  as(user: { _id: string }, options?: { checkRights?: boolean }): EmbeddedSDK
}

/** What an application says about an error of its own; `message` takes a `%s` for each fact. */
export interface CustomErrorDefinition {
  class: string
  message: string
  description?: string
}

/** A handler of a pipe, which yields the first of what it was given. */
export type EventHandler = (...given: any[]) => any

/** Whom realtime messages are about: `all`, `in`, `out` or `none`. */
type Audience = 'all' | 'in' | 'out' | 'none'

export interface BackendPlugin {
  use(plugin: Plugin, options?: { name?: string; manifest?: JSONObject; deprecationWarning?: boolean }): void
  get<T extends Plugin>(name: string): T
  list(): string[]
}

export interface BackendController {
  register(name: string, definition: ControllerDefinition): void
  use(controller: Controller): void
}

export interface BackendPipe {
  /** Returns an id for {@link BackendPipe.unregister}, of pipes that are registered while the application runs. */
  register<T extends any[] = any[]>(event: string, handler: (...given: T) => Promise<T[0]> | T[0], options?: { dynamic?: boolean }): string
  unregister(id: string): void
}

export interface BackendHook {
  register<T extends any[] = any[]>(event: string, handler: (...given: T) => any): void
}

export interface BackendConfig {
  set(path: string, value: any): void
  merge(config: JSONObject): void
  readonly content: JSONObject
}

export interface BackendVault {
  set key(key: string)
  set file(file: string)
  get secrets(): JSONObject
}

export interface BackendImport {
  mappings(mappings: JSONObject): void
  userMappings(mappings: JSONObject): void
  fixtures(fixtures: JSONObject): void
  roles(roles: JSONObject): void
  profiles(profiles: JSONObject): void
  users(users: JSONObject, options?: { onExistingUsers?: 'overwrite' | 'skip' }): void
}

export interface BackendErrors {
  register(domain: string, subDomain: string, name: string, definition: CustomErrorDefinition): void
  get(domain: string, subDomain: string, name: string, ...placeholders: any[]): ApiError
  getFrom(source: Error, domain: string, subDomain: string, name: string, ...placeholders: any[]): ApiError
}

export interface BackendSubscription {
  add(connection: { id: string | null }, index: string, collection: string, filters: JSONObject,
    options?: { volatile?: JSONObject; scope?: Audience; users?: Audience; propagate?: boolean }): Promise<{ roomId: string; channel: string }>
  remove(connection: { id: string | null }, roomId: string): Promise<void>
}

export interface BackendCluster {
  broadcast(event: string, payload: JSONObject): Promise<void>
  on(event: string, listener: (payload: JSONObject) => any): void
  once(event: string, listener: (payload: JSONObject) => any): void
  off(event: string, listener: (payload: JSONObject) => any): void
}

/** An application: what it declares, and the host around it. Plugins find the one that they run in as `global.app`. */
export class Backend {
  constructor(name: string)
  readonly name: string
  readonly version: string
  readonly commit: string | null
  readonly started: boolean
  readonly nodeId: string
  readonly log: PluginLog
  readonly sdk: EmbeddedSDK
  readonly plugin: BackendPlugin
  readonly controller: BackendController
  readonly pipe: BackendPipe
  readonly hook: BackendHook
  readonly config: BackendConfig
  readonly vault: BackendVault
  readonly import: BackendImport
  readonly errors: BackendErrors
  readonly openApi: { readonly definition: JSONObject }
  readonly storage: { readonly storageClient: any; readonly StorageClient: any }
  readonly cluster: BackendCluster
  readonly subscription: BackendSubscription
  /** Declares what is set up once, whatever the number of nodes and starts. */
  install(id: string, handler: () => Promise<void>, description?: string): void
  trigger(event: string, ...payload: any[]): Promise<any>
  start(): Promise<void>
  shutdown(): Promise<void>
}

/** A controller as a class. */
export class Controller {
  constructor(app: Backend)
  protected app: Backend
  name?: string
  definition: ControllerDefinition
}

/** Names of the classic host's two caches. */
export const cacheDbEnum: { readonly INTERNAL: 'internal'; readonly PUBLIC: 'public' }

/** Names of the scopes of its storage. */
export const storeScopeEnum: { readonly PRIVATE: 'private'; readonly PUBLIC: 'public' }

/** A page of a search. */
export interface StorePage<T> {
  hits: T[]
  total: number
  scrollId?: string
  aggregations?: any
}

/** The collections of one index, past pipes, hooks and rights. */
export class Store {
  constructor(index: string, scope: 'public' | 'private')
  readonly index: string
  readonly scope: 'public' | 'private'
  init(collections?: Record<string, JSONObject>): Promise<void>
  createCollection(collection: string, definition?: JSONObject): Promise<void>
  updateCollection(collection: string, definition: JSONObject): Promise<void>
  deleteCollection(collection: string): Promise<void>
  truncateCollection(collection: string): Promise<void>
  refreshCollection(collection: string): Promise<void>
  deleteIndex(): Promise<void>
  getMapping(collection: string): Promise<JSONObject>
  updateMapping(collection: string, mappings: JSONObject): Promise<JSONObject>
  get(collection: string, id: string): Promise<KDocument<any>>
  mGet(collection: string, ids: string[]): Promise<{ items: KDocument<any>[]; errors: string[] }>
  exists(collection: string, id: string): Promise<boolean>
  count(collection: string, body?: JSONObject): Promise<number>
  search(collection: string, body?: JSONObject, page?: { from?: number; size?: number; scroll?: string }): Promise<StorePage<any>>
  scroll(scrollId: string, options?: { scroll?: string }): Promise<StorePage<any>>
  create(collection: string, content: JSONObject, options?: { id?: string; userId?: string }): Promise<KDocument<any>>
  createOrReplace(collection: string, id: string, content: JSONObject, options?: { userId?: string }): Promise<KDocument<any>>
  replace(collection: string, id: string, content: JSONObject, options?: { userId?: string }): Promise<KDocument<any>>
  update(collection: string, id: string, content: JSONObject, options?: { userId?: string }): Promise<KDocument<any>>
  delete(collection: string, id: string): Promise<void>
  mDelete(collection: string, ids: string[]): Promise<{ successes: any[]; errors: any[] }>
}

/** Objects of one class as documents of one collection; to be derived from. Times in seconds. */
export class ObjectRepository<T extends { _id: string } = any> {
  constructor(options?: { cache?: string; store?: Store | null })
  protected ttl: number
  protected index: string | null
  protected collection: string | null
  protected ObjectConstructor: (new () => object) | null
  protected store: Store | null
  load(id: string, options?: { ttl?: number }): Promise<T>
  loadOneFromDatabase(id: string): Promise<T>
  loadMultiFromDatabase(ids: string[]): Promise<T[]>
  search(body?: JSONObject, page?: { from?: number; size?: number; scroll?: string }): Promise<StorePage<T>>
  scroll(scrollId: string, ttl?: string): Promise<StorePage<T>>
  persistToDatabase(object: T, options?: { userId?: string }): Promise<any>
  deleteFromDatabase(id: string): Promise<void>
  delete(object: T): Promise<void>
  truncate(): Promise<void>
  loadFromCache(id: string): Promise<T | null>
  persistToCache(object: T, options?: { ttl?: number }): Promise<T>
  refreshCacheTTL(object: T, options?: { ttl?: number }): Promise<void>
  expireFromCache(object: T): Promise<void>
  deleteFromCache(id: string): Promise<void>
  getCacheKey(id: string): string
  serializeToCache(object: T): JSONObject
  serializeToDatabase(object: T): JSONObject
  fromDTO(content: JSONObject): Promise<T>
  toDTO(object: T): JSONObject
}

/** A lock across plugins and nodes. Times in milliseconds; a `timeout` of -1 waits for ever. */
export class Mutex {
  constructor(resource: string, options?: { attemptDelay?: number; timeout?: number; ttl?: number })
  readonly resource: string
  locked: boolean
  lock(): Promise<boolean>
  unlock(): Promise<void>
  wait(options?: { attemptDelay?: number; timeout?: number }): Promise<boolean>
}

/** Keeps filters and tells which a document satisfies. */
export class Koncorde {
  validate(filters: object): Promise<boolean>
  normalize(index: string, collection: string, filters: object): Promise<{ id: string }>
  register(index: string, collection: string, filters: object): Promise<{ id: string; diff: any }>
  store(normalized: object): Promise<{ id: string; diff: any }>
  remove(id: string): Promise<void>
  test(index: string, collection: string, document: object, id?: string): string[]
  exists(index: string, collection: string): boolean
  hasFilter(id: string): boolean
  getFilterIds(index: string, collection: string): string[]
  getIndexes(): string[]
  getCollections(index: string): string[]
}

/** A result that is sent as it comes, over HTTP. */
export class HttpStream {
  constructor(stream: Readable, options?: { totalBytes?: number })
  readonly stream: Readable
  readonly totalBytes: number
  readonly errored: boolean
  readonly destroyed: boolean
  destroy(): void
}

export const Inflector: {
  upFirst(text: string): string
  kebabCase(text: string): string
  pascalCase(text: string): string
}

export const NameGenerator: {
  generateRandomName(options?: { prefix?: string | null; separator?: string; postfixRandRange?: { min: number; max: number } | false }): string
}

/** Writes filters as search queries. */
export class QueryTranslator {
  translate(filters: object): Record<string, any>
}
