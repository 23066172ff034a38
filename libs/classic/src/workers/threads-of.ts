import type { Logger } from '@mortise/sdk'
import intersects from 'semver/ranges/intersects.js'
import { isRange } from '../identity/era.js'
import type { ClassicIdentity } from '../identity/identify.js'

/**
 * What a plugin's configuration asks for as `threads`. Hosts of 1.0 alone knew
 * the key: of a plugin for later ones it is the plugin's own, and
 * `undefined` here. Defaults of its package.json do not count, for they stood
 * in plugins that had more than hooks.
 */
export function threadsOf({ name, manifest }: ClassicIdentity, config: Readonly<Record<string, unknown>>, logger: Logger): unknown {
  const { threads, kuzzleVersion } = config
  const range = isRange(kuzzleVersion) ? kuzzleVersion : manifest?.kuzzleVersion
  if (range === undefined || intersects(range, '<1.1.0')) return threads
  if (Number.isInteger(threads) && threads !== 0) {
    logger.warn(`"plugins.${name}.threads" puts hooks of plugins for hosts of 1.0 into processes; this one is for ${range} and runs inline. If hooks are all it has, set "plugins.${name}.kuzzleVersion" to "1.0.0".`)
  }
  return undefined
}
