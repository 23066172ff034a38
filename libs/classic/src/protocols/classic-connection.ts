import { createId, type ClientConnection } from '@mortise/sdk'

/** `context.ClientConnection`: a client as protocol plugins announce it. */
export class ClassicConnection implements ClientConnection {
  readonly id = createId()

  constructor(readonly protocol: string, readonly ips: string[] = [], readonly headers: ClientConnection['headers'] = {}) {
    Object.freeze(this)
  }
}
