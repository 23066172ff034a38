import type { RealtimeDesk } from '../classic-host.js'

/** The host's realtime as one plugin has it: whatever the plugin still hears is let go of with it. */
export class OwnRealtime implements RealtimeDesk {
  readonly #connected = new Set<() => void>()

  constructor(private readonly host: RealtimeDesk) {}

  register(...given: Parameters<RealtimeDesk['register']>): ReturnType<RealtimeDesk['register']> {
    return this.host.register(...given)
  }

  unregister(...given: Parameters<RealtimeDesk['unregister']>): Promise<void> {
    return this.host.unregister(...given)
  }

  connect(...given: Parameters<RealtimeDesk['connect']>): () => void {
    const stop = this.host.connect(...given)
    this.#connected.add(stop)
    return () => {
      this.#connected.delete(stop)
      stop()
    }
  }

  close(): void {
    for (const stop of this.#connected) stop()
    this.#connected.clear()
  }
}
