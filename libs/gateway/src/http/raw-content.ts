import { writeJson } from '../envelope.js'

/**
 * The body of a raw answer: nothing for null, bytes for buffers (also for
 * their JSON form), JSON for objects, text for anything else.
 *
 * @throws TypeError when an object is no JSON.
 */
export function rawContent(result: unknown): string | Buffer {
  if (result === null || result === undefined) return ''
  if (typeof result !== 'object') return String(result)
  if (result instanceof Uint8Array) return Buffer.from(result.buffer, result.byteOffset, result.byteLength)
  if (isBufferJson(result)) return Buffer.from(result.data)
  return writeJson(result) ?? ''
}

const isBufferJson = (value: object): value is { data: number[] } =>
  (value as { type?: unknown }).type === 'Buffer' && Array.isArray((value as { data?: unknown }).data)
