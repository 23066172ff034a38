import type { ClassicEntryPoint } from './classic-entry-point.js'

/** `context.Protocol`: what protocol plugins may be derived from. It does nothing for channels and notifications. */
export class ParentProtocol {
  entryPoint: ClassicEntryPoint | undefined
  config: unknown = {}
  maxRequestSize = 0
  initCalled = false

  /** The name is given here, or to {@link init} as the first generation does. */
  constructor(public name?: string) {}

  init(name: string | null, entryPoint: ClassicEntryPoint): Promise<void> {
    this.name = name ?? this.name
    this.entryPoint = entryPoint
    this.config = entryPoint.config.protocols[this.name ?? ''] ?? {}
    this.maxRequestSize = entryPoint.config.maxRequestSize
    this.initCalled = true
    return Promise.resolve()
  }

  broadcast(): void {}
  notify(): void {}
  joinChannel(): void {}
  leaveChannel(): void {}
}
