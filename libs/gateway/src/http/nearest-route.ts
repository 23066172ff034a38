import { distance } from 'fastest-levenshtein'
import type { Route } from '@app/registry'

/** Paths further away than this many letters are no suggestion. */
const FAR = 3
/** Longer paths are not compared: the price grows with the square of the length. */
const LONG = 200

/** The route that somebody who wrote `path` may have meant, as `GET /_now`. */
export function nearestRoute(path: string, routes: readonly Route[]): string | undefined {
  if (path.length > LONG) return undefined
  let best: Route | undefined
  let least = Math.min(FAR + 1, path.length - 1)
  for (const route of routes) {
    const likeness = fill(route.path, path)
    if (Math.abs(likeness.length - path.length) >= least) continue
    const far = distance(likeness, path)
    // Equal but for parameters, so it was no match for a reason.
    if (far > 0 && far < least) [best, least] = [route, far]
  }
  return best && `${best.verb} ${best.path}`
}

/** A route with what was asked in place of its parameters, so that only the literal parts differ. */
function fill(pattern: string, path: string): string {
  if (!pattern.includes('/:')) return pattern
  const asked = path.split('/')
  return pattern.split('/').map((segment, index) => (segment.startsWith(':') ? asked[index] ?? segment : segment)).join('/')
}
