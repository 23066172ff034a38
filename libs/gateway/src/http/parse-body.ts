import { createErrorFrom } from '@mortise/sdk'
import { parseJson } from '../parse-json.js'
import type { ContentType } from './content-type.js'
import { parseFields } from './parse-fields.js'
import { readForm } from './read-form.js'

/** How much of a body that is no JSON its error repeats. */
const SHOWN = 200

/**
 * Turns a body into what `input.body` becomes: parsed JSON, or the fields of a form.
 *
 * @throws `network.http.body_parse_failed` (400), or what {@link readForm} throws.
 */
export function parseBody(body: Buffer, contentType: ContentType, maxFormFileSize: number): unknown {
  switch (contentType.type) {
    case 'application/json': return parseJsonBody(body)
    case 'application/x-www-form-urlencoded': return parseFields(body.toString())
    default: return readForm(body, contentType.header, maxFormFileSize)
  }
}

function parseJsonBody(body: Buffer): unknown {
  const text = body.toString()
  try {
    return parseJson(text)
  } catch (error) {
    throw createErrorFrom(error, 'network.http.body_parse_failed', text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text)
  }
}
