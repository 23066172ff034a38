import { PartialError, type Request } from '@mortise/sdk'
import { METADATA_FIELD } from '@app/storage'
import { isRecord } from '../classic-plugin.js'

type Result = Record<string, unknown>
type Rewrite = (result: Result) => unknown

/** What of metadata the first generation added: it marked documents as deleted before it deleted them. */
const NEVER_DELETED = { active: true, deletedAt: null }

const acknowledge = (): object => ({ acknowledged: true, shards_acknowledged: true })

/** Metadata stood beside the content then. */
function documentOf(document: unknown): unknown {
  if (!isRecord(document) || !isRecord(document._source)) return document
  const { [METADATA_FIELD]: metadata, ..._source } = document._source
  return { ...document, _source, ...(isRecord(metadata) && { _meta: { ...NEVER_DELETED, ...metadata } }) }
}

const hitsOf = (found: unknown): unknown[] => (Array.isArray(found) ? found.map(documentOf) : [])

const pageOf: Rewrite = (result) => ({ ...result, hits: hitsOf(result.hits), ...(result.scrollId !== undefined && { _scroll_id: result.scrollId }) })

const listOf: Rewrite = ({ successes }) => {
  const hits = hitsOf(successes)
  return { hits, total: hits.length }
}

/** Deleted documents were told by their ids, in a list without more. */
const idsOf: Rewrite = ({ successes }) => successes

const named = (names: readonly string[], rewrite: Rewrite): Record<string, Rewrite> => Object.fromEntries(names.map((name) => [`document:${name}`, rewrite]))

/** By controller and action. Source: the contract's list of differences that a client notices. */
const REWRITES: Readonly<Record<string, Rewrite>> = {
  ...named(['create', 'createOrReplace', 'get', 'replace', 'update'], documentOf),
  ...named(['mCreate', 'mCreateOrReplace', 'mGet', 'mReplace', 'mUpdate'], listOf),
  ...named(['search', 'scroll'], pageOf),
  'document:mDelete': idsOf,
  'document:deleteByQuery': ({ ids }) => ({ ids }),
  'index:create': acknowledge,
  'collection:create': acknowledge,
}

/**
 * Rewrites an answer as the first generation gave it: metadata as `_meta`
 * beside the content, `{ hits, total }` for many documents, and what failed of
 * them as an error with status 206. Other answers stay as they are. For its
 * plugins, and for clients that say by `volatile.sdkVersion` that they are of
 * that time.
 */
export function rewriteAnswer(request: Request): void {
  const { error, result, input: { controller, action } } = request
  const rewrite = REWRITES[`${controller}:${action}`]
  if (error !== null || !rewrite || !(isRecord(result) || rewrite === acknowledge)) return
  const given = isRecord(result) ? result : {}
  request.setResult(rewrite(given), { status: request.status })
  if (!Array.isArray(given.errors) || given.errors.length === 0) return
  request.setError(new PartialError(`${given.errors.length} of the documents could not be taken care of.`, given.errors))
}
