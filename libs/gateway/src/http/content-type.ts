import { createError } from '@mortise/sdk'

/** A media type with the parameters that matter here. */
export interface ContentType {
  readonly type: 'application/json' | 'application/x-www-form-urlencoded' | 'multipart/form-data'
  /** The header as it came; multipart has its boundary there. */
  readonly header: string
}

const SUPPORTED: ReadonlySet<string> = new Set(['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'])

/**
 * Reads the header `Content-Type`; a body without one is JSON.
 *
 * @throws `network.http.unsupported_content` or `network.http.unsupported_charset` (400)
 */
export function readContentType(header: string | undefined): ContentType {
  if (header === undefined || header === '' || header === 'application/json') return { type: 'application/json', header: '' }
  const [name = '', ...parameters] = header.split(';')
  const type = name.trim().toLowerCase()
  if (!SUPPORTED.has(type)) throw createError('network.http.unsupported_content', header)
  const charset = parameters.map((parameter) => /^\s*charset\s*=\s*"?([^"\s]*)"?\s*$/i.exec(parameter)?.[1]).find(Boolean)
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) throw createError('network.http.unsupported_charset', charset)
  return { type: type as ContentType['type'], header }
}
