import { assertClass } from './assert-decorated.js'
import { marksOf } from './marks.js'
import type { Class, StrategyOptions } from './options.js'
import type { Request } from './request/index.js'
import { service } from './services/service.js'

/**
 * The request that a Passport strategy gets: that of an HTTP client as it
 * came, or one made up for a client of another protocol.
 */
export interface PassportRequest {
  /** The request of the API that asks to log in. */
  readonly original: Request
  readonly method: string
  readonly url: string
  readonly originalUrl: string
  readonly headers: Record<string, string | string[] | undefined>
  readonly cookies: Record<string, string>
  /** Arguments: path parameters and query string. */
  readonly query: Record<string, unknown>
  readonly body: unknown
  /** Lives from a redirect until the way back, ten minutes at most, and is then gone. */
  readonly session: Record<string, unknown>
  [property: string]: unknown
}

/** Whose credentials they are; or nobody's, with the reason as the client will read it. */
export type Verified = { kuid: string } | { kuid?: null; message?: string } | false

type Later<T> = T | Promise<T>

/** Credentials of one strategy, as clients send them. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- their fields are the strategy's own affair
export type CredentialsOf = Record<string, any>

/**
 * What a strategy does besides asking for credentials: it keeps them. `kuid`
 * is the user's id, `strategy` the name that the strategy goes by. What is
 * returned must hold nothing secret, for it is sent to clients.
 */
export interface StrategyMethods {
  /** Answers Passport: gets the request and whatever the Passport strategy passes on, without its callback. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each Passport strategy passes on values of its own
  verify(request: PassportRequest, ...given: any[]): Promise<Verified>
  exists(request: Request, kuid: string, strategy: string): Later<boolean>
  /** Called after `validate`. */
  create(request: Request, credentials: CredentialsOf, kuid: string, strategy: string): Later<unknown>
  update(request: Request, credentials: CredentialsOf, kuid: string, strategy: string): Later<unknown>
  delete(request: Request, kuid: string, strategy: string): Later<unknown>
  /** Throws to refuse credentials; `isUpdate` tells whether fields may be missing. */
  validate(request: Request, credentials: CredentialsOf, kuid: string, strategy: string, isUpdate: boolean): Later<unknown>
  getInfo?(request: Request, kuid: string, strategy: string): Later<unknown>
  getById?(request: Request, id: string, strategy: string): Later<unknown>
  /** Finds credentials for `security:searchUsersByCredentials`. */
  search?(body: Record<string, unknown>, page: { from: number; size: number }): Later<{ hits: unknown[]; total: number }>
  /** Gets the instance of the Passport strategy once it is in use. */
  afterRegister?(strategy: unknown): unknown
  /** Asked before a token is refreshed with `strategy=<name>`; throws to refuse. */
  refreshToken?(request: Request): Later<{ expiresIn?: string | number } | undefined>
}

/**
 * Makes a provider of a plugin a way to log in: `auth:login` with
 * `strategy=<name>`, over every transport. The class keeps the credentials.
 *
 * @example
 * @Strategy('local', { strategy: LocalStrategy, fields: ['username', 'password'] })
 * export class LocalCredentials implements StrategyMethods {
 *   async verify(request: PassportRequest, username: string, password: string) { … }
 * }
 */
export function Strategy<Methods extends StrategyMethods>(name: string, options: StrategyOptions<Methods>): (target: Class<Methods>) => void {
  return (target, member?: unknown) => {
    assertClass(`@Strategy('${name}')`, target, member)
    marksOf(target).strategy = { ...(options as StrategyOptions), name }
  }
}

/** A strategy that is added while the host runs. */
export interface AddedStrategy extends StrategyOptions {
  readonly methods: StrategyMethods
}

/**
 * Adds and removes ways to log in while the host runs, for those that come
 * from configuration rather than from code. They go with the plugin.
 */
@service('strategies')
export abstract class Strategies {
  /** Replaces a strategy of this plugin of the same name. @throws `plugin.strategy.unauthorized_removal` when it is another plugin's. */
  abstract add(name: string, strategy: AddedStrategy): Promise<void>
  /** @throws `plugin.strategy.strategy_not_found`, `plugin.strategy.unauthorized_removal` */
  abstract remove(name: string): Promise<void>
}
