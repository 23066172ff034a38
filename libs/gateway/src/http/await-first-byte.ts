import type { Writable } from 'node:stream'
import type { Readable } from 'node:stream'
import { createError, createErrorFrom, type ApiError } from '@mortise/sdk'

/**
 * Waits until a stream has something to give, or ends. As long as nothing was
 * sent, a failure can still be told properly: it is what this resolves to.
 * When the reader goes away first, the stream is destroyed.
 */
export function awaitFirstByte(readable: Readable, reader: Writable): Promise<ApiError | undefined> {
  if (readable.errored) return Promise.resolve(failed(readable.errored))
  if (readable.destroyed || readable.readableEnded) return Promise.resolve(createError('network.http.stream_closed'))
  return new Promise((resolve) => {
    const settle = (outcome: ApiError | undefined): void => {
      readable.off('readable', onReadable).off('close', onClose).off('error', onError)
      reader.off('close', onReaderGone)
      // A late error must find a listener: without one it would end the process.
      readable.on('error', () => undefined)
      resolve(outcome)
    }
    const onReadable = (): void => settle(undefined)
    const onError = (error: Error): void => settle(failed(error))
    const onClose = (): void => settle(createError('network.http.stream_closed'))
    const onReaderGone = (): void => void readable.destroy()
    readable.once('readable', onReadable).once('error', onError).once('close', onClose)
    reader.once('close', onReaderGone)
    if (reader.destroyed) readable.destroy()
  })
}

const failed = (error: Error): ApiError => createErrorFrom(error, 'network.http.stream_errored', error.message)
