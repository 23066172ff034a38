import type { Socket } from 'node:net'
import { DefaultSerializer, deserialize } from 'node:v8'
import type { Port } from './port.js'

/** Bytes in front of a message that say how long it is. */
const HEAD = 4

/**
 * A port over the pipe between two processes. Messages are V8's structured
 * clones; what is sent in one turn of the event loop goes out together, which
 * is what makes many calls in flight cheap.
 */
export function socketPort(socket: Socket): Port {
  let isCorked = false
  const flush = (): void => {
    isCorked = false
    socket.uncork()
  }
  return {
    send(message) {
      const frame = frameOf(message)
      if (!isCorked) {
        isCorked = true
        socket.cork()
        process.nextTick(flush)
      }
      socket.write(frame)
    },
    onMessage(listener, onGarbage) {
      const frames = new Frames()
      const hear = (chunk: Buffer): void => {
        try {
          for (const body of frames.take(chunk)) listener(deserialize(body))
        } catch (fault) {
          // Where the next message begins is not known any more: what comes is read and dropped.
          socket.off('data', hear).resume()
          onGarbage(fault as Error)
        }
      }
      socket.on('data', hear)
    },
  }
}

const BLANK_HEAD = Buffer.alloc(HEAD)

/** Bytes that one message may have: what says that it is longer is taken for garbage, and not waited for. */
const MOST_BYTES = 512 * 1024 ** 2

/** @throws when the message holds what cannot be cloned, or too much. */
function frameOf(message: unknown): Buffer {
  const serializer = new DefaultSerializer()
  serializer.writeRawBytes(BLANK_HEAD)
  serializer.writeHeader()
  serializer.writeValue(message)
  const frame = serializer.releaseBuffer()
  if (frame.length - HEAD > MOST_BYTES) throw new RangeError(`${frame.length} bytes are more than one message may have`)
  frame.writeUInt32LE(frame.length - HEAD)
  return frame
}

/** Cuts what arrives into messages; the beginning of one that has not arrived wholly is kept. */
class Frames {
  #chunks: Buffer[] = []
  #length = 0
  /** How many bytes there must be before it is worth looking: joining a long message chunk by chunk would take ages. */
  #wanted = HEAD

  /** @throws when a message says that it is longer than any may be */
  take(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk)
    this.#length += chunk.length
    if (this.#length < this.#wanted) return []
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks)
    const frames: Buffer[] = []
    let at = 0
    for (let end = endOf(bytes, at); end <= bytes.length; end = endOf(bytes, at)) {
      frames.push(bytes.subarray(at + HEAD, end))
      at = end
    }
    this.#keep(bytes.subarray(at))
    return frames
  }

  #keep(rest: Buffer): void {
    this.#chunks = rest.length > 0 ? [rest] : []
    this.#length = rest.length
    this.#wanted = endOf(rest, 0)
    if (this.#wanted > HEAD + MOST_BYTES) throw new RangeError(`it announced a message of ${this.#wanted - HEAD} bytes`)
  }
}

/** Where the message that begins there ends; as much as is needed to know that, when less has arrived. */
const endOf = (bytes: Buffer, at: number): number => (bytes.length < at + HEAD ? at + HEAD : at + HEAD + bytes.readUInt32LE(at))
