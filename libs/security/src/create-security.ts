import { builtInActions, type Logger } from '@mortise/sdk'
import type { EventBus, Registry } from '@app/registry'
import type { DocumentStore } from '@app/storage'
import { systemClock, type Clock, type Supervisor } from '@app/supervision'
import { Accounts } from './accounts/accounts.js'
import { Founding } from './accounts/founding.js'
import { Securities } from './accounts/securities.js'
import { StoreFeed, type ChangeFeed, type SecurityChange } from './changes.js'
import type { KnownActions } from './entities/check-role.js'
import { preparePlaces } from './entities/places.js'
import { Profiles } from './entities/profiles.js'
import { Roles } from './entities/roles.js'
import { Users } from './entities/users.js'
import { Rights } from './rights/rights.js'
import { Security, type SecurityServices } from './security.js'
import { withDefaults, type SecurityOptions } from './security-options.js'
import { Credentials } from './strategies/credentials.js'
import { Login } from './strategies/login.js'
import { LoginFlows } from './strategies/login-flows.js'
import { StrategyCalls } from './strategies/strategy-calls.js'
import { StrategyRegistry } from './strategies/strategy-registry.js'
import { ApiKeys } from './tokens/api-keys.js'
import { Sessions } from './tokens/sessions.js'
import { Signer } from './tokens/signer.js'
import { Tokens } from './tokens/tokens.js'
import { Trust } from './trust.js'

/** What security is built on. */
export interface SecurityParts {
  readonly store: DocumentStore
  readonly registry: Registry
  readonly bus: EventBus
  readonly logger: Logger
  /** Sees to it that strategies take no more than they may. */
  readonly supervisor: Supervisor
  readonly options?: SecurityOptions
  /** How other nodes hear of changes; by the store's messages when absent. */
  readonly changes?: ChangeFeed
  /** By which tokens and API keys end; the machine's when absent. */
  readonly clock?: Clock
}

/** Puts security together. Nothing is read before its `start()`. */
export function createSecurity(parts: SecurityParts): Security {
  const signer = new Signer(parts.store, parts.options?.jwt?.secret, parts.clock)
  const changes = parts.changes ?? new StoreFeed(parts.store.messages, parts.logger)
  const services = createServices({ ...parts, changes }, signer)
  return new Security(services, async () => {
    await preparePlaces(parts.store)
    await signer.start()
    // From here on nothing that others change is missed: what is heard while all is read is read after it.
    const stop = changes.onChange((change) => {
      follow(services, change).catch((error: unknown) => {
        parts.logger.error(error)
        services.trust.lose()
      })
    })
    try {
      await services.roles.load()
      await services.profiles.load()
      await services.founding.start()
      await services.tokens.start()
    } catch (error) {
      stop()
      throw error
    }
    return stop
  })
}

function createServices({ store, registry, bus, logger, supervisor, options: given, changes, clock = systemClock }: SecurityParts & { readonly changes: ChangeFeed }, signer: Signer): SecurityServices {
  const options = withDefaults(given)
  const cookies = { isEnabled: options.cookieAuthentication, isOriginTrusted: options.isOriginTrusted }
  const rights = new Rights()
  const users = new Users(store, rights, changes)
  const profiles = new Profiles(store, rights, changes)
  const roles = new Roles(store, rights, knownActions(registry), changes)
  const sessions = new Sessions(undefined, clock)
  const trust = new Trust(async () => {
    users.forget()
    await Promise.all([tokens.recheck(), roles.load(), profiles.load()])
  }, logger)
  const tokens = new Tokens({ store, signer, sessions, users, changes, trust, logger, options: options.jwt, clock })
  users.onChange((id) => tokens.refreshUser(id))
  const apiKeys = new ApiKeys(store, signer, tokens, { maxTTL: options.apiKeyMaxTTL, clock })
  const strategies = new StrategyRegistry({ registry, bus, users, logger })
  const calls = new StrategyCalls(supervisor)
  const credentials = new Credentials(strategies, calls)
  const login = new Login({ strategies, calls, tokens, bus, cookies, flows: new LoginFlows(), returnUrls: options.returnUrls })
  const accounts = new Accounts({ users, profiles, strategies, credentials, tokens, apiKeys })
  const founding = new Founding({ store, rights, users, profiles, roles, accounts, standard: options.standard })
  const securities = new Securities({ store, roles, profiles, users, accounts })
  const { restrictedProfileIds, loginsPerSecond, failsafeMode } = options
  return {
    rights, users, profiles, roles, sessions, tokens, trust, apiKeys, strategies, credentials, login, accounts, founding, securities,
    cookies, restrictedProfileIds, loginsPerSecond, failsafeMode,
  }
}

/** What roles may name: the protocol's own actions, and those of the plugins that run, and those of an application around the host. */
const knownActions = (registry: Registry): KnownActions => () => {
  const known = new Map<string, Set<string>>(Object.entries(builtInActions).map(([controller, actions]) => [controller, new Set<string>(actions)]))
  for (const [controller, actions] of registry.actions) {
    known.set(controller, new Set([...known.get(controller) ?? [], ...actions.keys()]))
  }
  for (const [controller, actions] of registry.foreignActions) known.set(controller, new Set([...known.get(controller) ?? [], ...actions]))
  return known
}

/** Brings this node in line with what another one changed. */
async function follow({ roles, profiles, users, tokens, trust }: SecurityServices, change: SecurityChange): Promise<void> {
  switch (change.kind) {
    case 'role': return roles.load(change.id)
    case 'profile': return profiles.load(change.id)
    case 'user': return users.forget(change.id)
    case 'token': return tokens.forget(change.userId, change.id)
    case 'anything': return trust.lose()
  }
}
