import { randomUUID } from 'node:crypto'

/** A login that has gone to a provider and is awaited back. */
export interface Flow {
  readonly strategy: string
  /** What the Passport strategy wants to find again. */
  readonly session: Record<string, unknown>
  /** The browser it was begun in, by its cookie; other clients have none. */
  readonly browser: string | undefined
  /** Where the browser is to be sent in the end, checked when the flow began. */
  readonly returnTo: string | undefined
  readonly wantsCookie: boolean
  readonly expiresIn: unknown
}

interface KeptFlow extends Flow {
  readonly endsAt: number
}

const LIFETIME = 10 * 60 * 1000
const CAPACITY = 10_000
const COOKIE = 'loginFlow'

/**
 * Logins on their way to a provider and back. Each is found again once, by the
 * `state` it was sent out with, or else by its browser; so two that run at the
 * same time cannot be mixed up, and none can be replayed.
 */
export class LoginFlows {
  readonly #flows = new Map<string, KeptFlow>()

  /** Keeps a flow that leaves for `url`. */
  keep(flow: Flow, url: string): void {
    const key = stateOf(url) ?? flow.browser
    if (key === undefined) return
    this.#flows.delete(keyOf(flow.strategy, key))
    this.#flows.set(keyOf(flow.strategy, key), { ...flow, endsAt: Date.now() + LIFETIME })
    this.#tidy()
  }

  /** The flow that has come back, which is then forgotten. */
  take(strategy: string, state: unknown, browser: string | undefined): Flow | undefined {
    const keys = [state, browser].filter((key) => typeof key === 'string').map((key) => keyOf(strategy, key))
    const key = keys.find((candidate) => this.#flows.has(candidate))
    const flow = key === undefined ? undefined : this.#flows.get(key)
    if (key !== undefined) this.#flows.delete(key)
    return flow && flow.endsAt > Date.now() ? flow : undefined
  }

  /** The oldest come first in the map: those that have ended go, and those that are too many. */
  #tidy(): void {
    const now = Date.now()
    for (const [key, { endsAt }] of this.#flows) {
      if (endsAt > now && this.#flows.size <= CAPACITY) return
      this.#flows.delete(key)
    }
  }
}

/** The browser that a request comes from, when it has been here before. */
export function browserOf(cookies: Readonly<Record<string, string>>): string | undefined {
  const value = cookies[COOKIE]
  return value !== undefined && /^[\w-]{36}$/.test(value) ? value : undefined
}

/**
 * A cookie by which a browser that has none yet is known when it comes back
 * from a provider's page. SAML sends it back by a form that the provider's page
 * posts, along which browsers send only cookies that are `SameSite=None`, and
 * those only over TLS. It proves nothing but which browser began, so a foreign
 * page gains nothing by its being sent.
 */
export function createBrowserCookie(browser: string = randomUUID(), isEncrypted = false): { browser: string; cookie: string } {
  const site = isEncrypted ? 'SameSite=None; Secure' : 'SameSite=Lax'
  return { browser, cookie: `${COOKIE}=${browser}; Path=/; Max-Age=${LIFETIME / 1000}; HttpOnly; ${site}` }
}

const keyOf = (strategy: string, key: string): string => JSON.stringify([strategy, key])

/** OAuth and OpenID Connect carry a `state` there and back, SAML a `RelayState`. */
function stateOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { searchParams } = new URL(url)
  return searchParams.get('state') ?? searchParams.get('RelayState') ?? undefined
}
