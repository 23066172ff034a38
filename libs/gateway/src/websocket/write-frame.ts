import type { Request } from '@mortise/sdk'
import { unserializable, writeEnvelope, writeJson } from '../envelope.js'
import type { ChannelMessage } from '../protocol.js'

/**
 * The frame that answers a request: its envelope with `room`, or a raw
 * result by itself, with `room` added when it is an object.
 */
export function writeAnswer(request: Request, room: string | undefined, development: boolean): string {
  if (!request.response.raw || request.error !== null) return writeEnvelope(request, { development, room })
  try {
    return writeRaw(request.result, room)
  } catch (fault) {
    request.setError(unserializable(request, fault))
    return writeEnvelope(request, { development, room })
  }
}

function writeRaw(result: unknown, room: string | undefined): string {
  if (result === null || result === undefined) return '""'
  const isPlain = typeof result === 'object' && !Array.isArray(result) && !(result instanceof Uint8Array)
  return writeJson(isPlain && room !== undefined ? { ...result, room } : result) ?? '""'
}

/**
 * Frames of a notification, one for each channel: the payload is written as
 * JSON once, and only its `room` differs.
 */
export function* notificationFrames({ channels, payload }: ChannelMessage): Generator<[channel: string, frame: () => Buffer]> {
  let head: string | undefined
  for (const channel of channels) {
    let frame: Buffer | undefined
    yield [channel, () => (frame ??= Buffer.from(`${(head ??= headOf(payload))}"room":${JSON.stringify(channel)}}`))]
  }
}

/** A payload's JSON, open at its end for one more key. */
function headOf({ room: _room, ...payload }: ChannelMessage['payload']): string {
  const text = writeJson(payload) as string
  return text === '{}' ? '{' : `${text.slice(0, -1)},`
}
