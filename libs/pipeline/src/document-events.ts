import type { EventDocument, Request } from '@mortise/sdk'
import type { Chain, Registry } from '@app/registry'
import { placeOf, type DocumentPlace } from './document-places.js'

type Alias = 'Write' | 'Update' | 'Delete' | 'Get'

/** Which generic event stands for which action of the `document` controller. Source: the protocol's list of aliases. */
const ALIASES: Record<Alias, readonly string[]> = {
  Write: ['create', 'createOrReplace', 'mCreate', 'mCreateOrReplace', 'mReplace', 'replace'],
  Update: ['update', 'mUpdate', 'deleteFields', 'mUpsert', 'updateByQuery', 'upsert'],
  Delete: ['delete', 'deleteByQuery', 'mDelete'],
  Get: ['get', 'mGet', 'exists', 'mExists', 'export', 'search'],
}

/** Actions whose documents are not known before they run. */
const UNKNOWN_BEFORE: ReadonlySet<string> = new Set(['search', 'deleteByQuery', 'updateByQuery', 'export'])

/** A generic event of an action: who listens, and where in the request its documents stand. */
export interface DocumentEvent {
  readonly chain: Chain
  read(request: Request): EventDocument[] | undefined
  write(request: Request, documents: EventDocument[]): void
}

/** The generic events of one action; absent where nobody listens. */
export interface DocumentEvents {
  readonly before: DocumentEvent | undefined
  readonly after: DocumentEvent | undefined
}

/**
 * The generic document events (`generic:document:beforeWrite` …) of an
 * action, or `undefined` when it has none or nobody listens. They show all
 * documents of a request in one list, whichever action carries them.
 */
export function documentEventsOf(controller: string, action: string, registry: Registry): DocumentEvents | undefined {
  if (controller !== 'document') return undefined
  const alias = (Object.keys(ALIASES) as Alias[]).find((name) => ALIASES[name].includes(action))
  const place = placeOf(action)
  if (!alias || !place) return undefined
  const before = UNKNOWN_BEFORE.has(action) ? undefined : eventOf(registry, `generic:document:before${alias}`, place.before)
  const after = eventOf(registry, `generic:document:after${alias}`, place.after)
  return before || after ? { before, after } : undefined
}

function eventOf(registry: Registry, name: string, place: DocumentPlace | undefined): DocumentEvent | undefined {
  const chain = registry.chainOf(name)
  return chain && place ? { chain, read: place.read, write: place.write } : undefined
}
