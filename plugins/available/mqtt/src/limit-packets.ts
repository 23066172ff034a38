import type { Socket } from 'node:net'

/**
 * Ends a socket that announces a packet of more than `limit` bytes: the
 * broker would gather all of it in memory before it looked at any of it.
 *
 * Source: MQTT 3.1.1, section 2.2, the fixed header of control packets.
 */
export function limitPackets(socket: Socket, limit: number): void {
  const meter = new PacketMeter(limit)
  const read = socket.read.bind(socket)
  socket.read = (size?: number) => {
    const chunk = read(size) as Buffer | null
    if (chunk === null || meter.accepts(chunk)) return chunk
    socket.destroy()
    return null
  }
}

/** Follows packets through a stream of bytes. */
export class PacketMeter {
  #left = 0
  #length = 0
  /** What the next byte of a length counts; 0 when it is no length that comes next. */
  #factor = 0

  constructor(private readonly limit: number) {}

  /** Whether no packet that begins in these bytes, which follow those before, is too long. */
  accepts(chunk: Buffer): boolean {
    for (let at = 0; at < chunk.length;) {
      if (this.#left > 0) {
        const skipped = Math.min(this.#left, chunk.length - at)
        this.#left -= skipped
        at += skipped
      } else if (!this.#count(chunk[at++] as number)) return false
    }
    return true
  }

  /** The first byte of a packet tells its kind; those that follow, low digits first and the last below 128, its length. */
  #count(byte: number): boolean {
    if (this.#factor === 0) {
      this.#factor = 1
      this.#length = 0
      return true
    }
    this.#length += (byte & 127) * this.#factor
    this.#factor *= 128
    if (byte < 128) {
      this.#left = this.#length
      this.#factor = 0
    }
    return this.#length <= this.limit
  }
}
