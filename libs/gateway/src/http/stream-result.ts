import { Readable } from 'node:stream'

/** A result that is sent as it comes. */
export interface StreamResult {
  readonly readable: Readable
  /** How many bytes it will give, when that is known. */
  readonly totalBytes: number | undefined
}

/** Whether a result is a stream: a Node `Readable`, or the protocol's HttpStream around one. */
export const isStream = (result: unknown): boolean => streamOf(result) !== undefined

/** The stream in a result. Told by shape: a plugin may bring the wrapper's class itself. */
export function streamOf(result: unknown): StreamResult | undefined {
  if (typeof result !== 'object' || result === null) return undefined
  if (isReadable(result)) return { readable: result, totalBytes: undefined }
  const { readableStream, stream, totalBytes } = result as { readableStream?: unknown; stream?: unknown; totalBytes?: unknown }
  const readable = readableStream ?? stream
  if (!isReadable(readable)) return undefined
  return { readable, totalBytes: typeof totalBytes === 'number' && totalBytes >= 0 ? totalBytes : undefined }
}

const isReadable = (value: unknown): value is Readable =>
  value instanceof Readable || (typeof value === 'object' && value !== null && typeof (value as Readable).pipe === 'function' && typeof (value as Readable).read === 'function')
