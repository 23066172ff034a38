import type { Readable } from 'node:stream'

/** A result that is sent as it comes, over HTTP alone: `kuzzle`'s `HttpStream`. Doors know it by its shape. */
export class HttpStream {
  /** Bytes, or -1 when nobody knows. */
  readonly totalBytes: number

  constructor(readonly stream: Readable, { totalBytes = -1 }: { totalBytes?: number } = {}) {
    this.totalBytes = totalBytes
  }

  get errored(): boolean { return this.stream.errored !== null }
  get destroyed(): boolean { return this.stream.destroyed }
  destroy(): void { this.stream.destroy() }
}
