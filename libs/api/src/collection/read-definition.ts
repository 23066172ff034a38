import { createError } from '@mortise/sdk'
import { isObject } from '@app/storage'
import type { CollectionDefinition, MappingsInput } from '@app/storage'

/**
 * Reads `{ mappings?, settings? }`, or mappings alone, which older clients send.
 *
 * @throws `api.assert.invalid_type` (400) for what is no object.
 */
export function readDefinition(content: unknown, path = 'body'): CollectionDefinition {
  if (!isObject(content)) throw createError('api.assert.invalid_type', path, 'object')
  const { mappings, settings } = content
  if (settings !== undefined && !isObject(settings)) throw createError('api.assert.invalid_type', `${path}.settings`, 'object')
  if (mappings === undefined && settings === undefined) return { mappings: content as MappingsInput }
  return { ...(mappings !== undefined && { mappings: mappings as MappingsInput }), ...(settings !== undefined && { settings }) }
}
