import satisfies from 'semver/functions/satisfies.js'
import intersects from 'semver/ranges/intersects.js'
import validRange from 'semver/ranges/valid.js'

/** The versions of the classic host that we answer for, one for each of its generations. */
const LAST_FIRST = '1.12.0'
const LAST_SECOND = '2.56.0'

/**
 * What a classic plugin expects of its host where the generations of the
 * classic host contradict each other. Source: the contract's list of
 * behavioural switches per plugin.
 */
export interface Era {
  /** The versions of the host that it says it is for. */
  readonly range?: string
  /** Of the first are also the shapes of answers that the plugin reads, and its events may have names of before 1.0. */
  readonly generation: 1 | 2
  /** The version that the plugin is told it runs on. */
  readonly hostVersion: string
  /** An `init` that resolves to `false` has failed. */
  readonly failsOnFalse: boolean
  /** Hooks get `(payload, event)` however much the event carries. */
  readonly hearsOnePayload: boolean
  /** Notifications that listeners see carry a `state`. */
  readonly hearsState: boolean
  /** Routes are mounted under `/_<url>` too. */
  readonly hasShortRoutes: boolean
  /** Names of triggered events hold no colon. */
  readonly refusesColons: boolean
  /** Actions may return plain values, a repository's `get` gives `null` for whatever is missing, a search takes a bare query. */
  readonly isEarly: boolean
  /** Requests from within fire events, each action's once in a chain of requests made of one another. */
  readonly firesEventsWithin: boolean
  /** `context.config` is frozen. */
  readonly freezesConfig: boolean
}

/** What an era is told by; `range` is the one that the plugin declares, whole and valid. */
export interface EraSigns {
  readonly range: string | undefined
  readonly hasManifest: boolean
  /** The plugin declares `api`, or is derived from the second generation's base class. */
  readonly isModern: boolean
}

/** Whether a plugin with this range of host versions can run here: we pass for both generations. */
export const isServed = (range: string): boolean =>
  [LAST_FIRST, LAST_SECOND].some((version) => satisfies(version, range, { includePrerelease: true }))

/** Whether a text is a range of versions. */
export const isRange = (text: unknown): text is string => typeof text === 'string' && validRange(text) !== null

/** Tells the era of a plugin. Without a range the manifest decides: plugins had none before 1.5, and had to give the range since 2.0. */
export function eraOf({ range, hasManifest, isModern }: EraSigns): Era {
  const isSecond = range === undefined ? isModern : intersects(range, '>=2.0.0')
  const isEarly = range === undefined ? !hasManifest && !isModern : !intersects(range, '>=1.5.0')
  return {
    range,
    generation: isSecond ? 2 : 1,
    hostVersion: isSecond ? LAST_SECOND : LAST_FIRST,
    failsOnFalse: !isSecond,
    hearsOnePayload: !isSecond,
    hearsState: !isSecond,
    hasShortRoutes: isSecond,
    refusesColons: !isSecond,
    isEarly,
    firesEventsWithin: range !== undefined && !intersects(range, '>=1.2.0'),
    freezesConfig: isSecond,
  }
}
