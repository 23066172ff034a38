import { createError, type ApiError } from '@mortise/sdk'
import type { Registry, Route } from '@app/registry'
import createRouter, { type HTTPMethod, type Instance } from 'find-my-way'
import { nearestRoute } from './nearest-route.js'

/** Where a URL leads, and what its path says. */
export interface Match {
  readonly controller: string
  readonly action: string
  /** Values of the path's parameters, decoded; `undefined` when it has none. */
  readonly parameters: Record<string, string> | undefined
}

/** What is kept with a route: where it leads and what its parameters are called, in order. */
interface Destination {
  readonly route: Route
  readonly names: readonly string[]
}

/** Longer than any request line that Node accepts: no parameter is too long to be one. */
const MAX_PARAMETER_LENGTH = 1 << 20

const VERBS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'] as const

/**
 * Finds the action of a verb and path. Built anew and swapped whole whenever
 * plugins come or go, so that routes may change while the server runs.
 *
 * Literal segments win over parameters. A segment that begins with `_` and is
 * literal in another verb's route is never taken for a parameter: `DELETE
 * /_now` asks for a verb that `/_now` does not have, not for index `_now`.
 */
export class UrlRouter {
  #router!: Instance<never>
  /** What routes without parameters lead to, by verb and path: most requests need no more. */
  #plain!: ReadonlyMap<string, ReadonlyMap<string, Match>>

  constructor(private readonly registry: Registry) {
    registry.onChange(() => this.#build())
    this.#build()
  }

  /**
   * @param path - As {@link readTarget} gives it.
   * @throws `network.http.unsupported_verb` (400), or `network.http.url_not_found` (404), which names
   * the verbs that the path answers to, or the nearest route.
   */
  find(verb: string, path: string): Match {
    const found = this.#plain.get(verb)?.get(path) ?? this.#match(verb, path)
    if (found) return found
    if (!(VERBS as readonly string[]).includes(verb)) throw createError('network.http.unsupported_verb', verb)
    throw this.#notFound(verb, path)
  }

  /** The verbs that a path answers to; not those that would take a misspelt `_name` for a parameter. */
  #verbsAt(path: string): readonly string[] {
    return VERBS.filter((verb) => {
      const match = this.#match(verb, path)
      return match && !Object.values(match.parameters ?? {}).some((value) => value.startsWith('_'))
    })
  }

  #match(verb: string, path: string): Match | undefined {
    const found = this.#lookUp(verb, path) ?? (verb === 'HEAD' ? this.#lookUp('GET', path) : undefined)
    if (!found) return undefined
    const { destination: { route: { controller, action }, names }, values } = found
    if (names.length === 0) return { controller, action, parameters: undefined }
    if (this.#isReserved(names.length, values, path)) return undefined
    const parameters: Record<string, string> = {}
    for (let index = 0; index < names.length; index++) parameters[names[index] as string] = values[`p${index}`] as string
    return { controller, action, parameters }
  }

  #lookUp(verb: string, path: string): { destination: Destination; values: Record<string, string | undefined> } | undefined {
    const found = this.#router.find(verb as HTTPMethod, path)
    if (!found) return undefined
    if (!found.store) throw createError('network.http.unexpected_error', 'the URL is not percent-encoded as it should be')
    return { destination: found.store as Destination, values: found.params }
  }

  #isReserved(parameterCount: number, values: Record<string, string | undefined>, path: string): boolean {
    for (const name in values) {
      if (!values[name]?.startsWith('_')) continue
      return VERBS.some((verb) => (this.#lookUp(verb, path)?.destination.names.length ?? parameterCount) < parameterCount)
    }
    return false
  }

  #notFound(verb: string, path: string): ApiError {
    const error = createError('network.http.url_not_found', path)
    const verbs = this.#verbsAt(path)
    if (verbs.length > 0) error.message += ` It answers ${verbs.join(', ')}, not ${verb}.`
    else {
      const nearest = nearestRoute(path, this.registry.routes.all)
      if (nearest) error.message += ` Did you mean "${nearest}"?`
    }
    return error
  }

  #build(): void {
    const router = createRouter<never>({ maxParamLength: MAX_PARAMETER_LENGTH, onBadUrl: () => undefined })
    const plain = new Map<string, Map<string, Match>>(VERBS.map((verb) => [verb, new Map()]))
    for (const route of this.registry.routes.all) {
      const names: string[] = []
      const path = route.path.split('/').map((segment) => toPattern(segment, names)).join('/')
      router.on(route.verb as HTTPMethod, path, () => undefined, { route, names } satisfies Destination)
      if (names.length === 0) plain.get(route.verb)?.set(route.path, { controller: route.controller, action: route.action, parameters: undefined })
    }
    this.#router = router
    this.#plain = plain
  }
}

/**
 * Only a segment that begins with `:` is a parameter; find-my-way reads more
 * into `:` and `*`. Parameters are numbered, as routes may call the same place
 * by different names.
 */
function toPattern(segment: string, names: string[]): string {
  if (segment.startsWith(':')) return `:p${names.push(segment.slice(1)) - 1}`
  if (!segment.includes('*')) return segment.replaceAll(':', '::')
  return `:literal(^${segment.replace(/[^\w]/g, (sign) => `\\${sign}`)}$)`
}

