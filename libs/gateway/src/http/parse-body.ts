import { createErrorFrom } from '@mortise/sdk'
import { parseJson } from '../parse-json.js'
import { LARGE, parseLargeJson } from '../parse-large-json.js'
import type { ContentType } from './content-type.js'
import { parseFields } from './parse-fields.js'
import { readForm } from './read-form.js'

/** How much of a body that is no JSON its error repeats. */
const SHOWN = 200

/**
 * Turns a body into what `input.body` becomes: parsed JSON, in several turns of the event loop where it is large, or the fields of a form.
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
  if (body.length > LARGE) return parseLargeJson(body).catch((error: unknown) => { throw toFault(error, body.toString('utf8', 0, 2 * SHOWN)) })
  const text = body.toString()
  try {
    return parseJson(text)
  } catch (error) {
    throw toFault(error, text)
  }
}

const toFault = (error: unknown, text: string): Error =>
  createErrorFrom(error, 'network.http.body_parse_failed', text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text)
