import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { unzip } from 'node:zlib'
import { createError, createErrorFrom } from '@mortise/sdk'

/** How large a body may be, and how many times over compressed. */
export interface BodyLimits {
  readonly maxRequestSize: number
  readonly maxEncodingLayers: number
}

const unpack = promisify(unzip)

/** Whether a request announces a body; whatever its verb. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] !== undefined && headers['content-length'] !== '0')

/**
 * Reads a body whole and takes its compression off.
 *
 * @throws `network.http.request_too_large` (413) as soon as too much is announced, read or unpacked;
 * `network.http.too_many_encodings` or `network.http.unsupported_compression` (400);
 * `network.http.unexpected_error` (400) when the client leaves or the compressed bytes are broken.
 */
export async function readBody(message: IncomingMessage, limits: BodyLimits): Promise<Buffer> {
  if (Number(message.headers['content-length']) > limits.maxRequestSize) throw createError('network.http.request_too_large')
  const encodings = encodingsOf(message, limits)
  let body = await collect(message, limits.maxRequestSize)
  for (const _encoding of encodings) body = await decompress(body, limits.maxRequestSize)
  return body
}

function encodingsOf(message: IncomingMessage, { maxEncodingLayers }: BodyLimits): readonly string[] {
  const header = message.headers['content-encoding']
  if (header === undefined) return []
  const named = header.split(',').map((name) => name.trim().toLowerCase()).filter(Boolean)
  if (named.length > maxEncodingLayers) throw createError('network.http.too_many_encodings')
  const unknown = named.find((name) => name !== 'gzip' && name !== 'deflate' && name !== 'identity')
  if (unknown !== undefined) throw createError('network.http.unsupported_compression', unknown)
  return named.filter((name) => name !== 'identity')
}

function collect(message: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const onData = (chunk: Buffer): void => {
      size += chunk.length
      chunks.push(chunk)
      if (size <= limit) return
      message.off('data', onData)
      reject(createError('network.http.request_too_large'))
    }
    message.on('data', onData)
    message.once('end', () => resolve(chunks.length === 1 ? chunks[0] as Buffer : Buffer.concat(chunks)))
    message.once('error', (error) => reject(createErrorFrom(error, 'network.http.unexpected_error', 'the body ended before it was complete')))
  })
}

async function decompress(body: Buffer, limit: number): Promise<Buffer> {
  try {
    return await unpack(body, { maxOutputLength: limit })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw createErrorFrom(error, 'network.http.request_too_large')
    throw createErrorFrom(error, 'network.http.unexpected_error', 'the body is not compressed as its headers say')
  }
}
