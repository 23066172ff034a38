import { createError, type Logger } from '@mortise/sdk'
import type { EventBus, Registry } from '@app/registry'
import type { ClassicHost } from '../classic-host.js'
import type { InnerTransport } from '../sdk/inner-protocol.js'

/** What an application gets of the host that runs it. */
export interface ApplicationParts {
  readonly registry: Registry
  readonly bus: EventBus
  readonly logger: Logger
  readonly host: Pick<ClassicHost, 'store' | 'nodeId' | 'realtime'>
  readonly transport: InnerTransport
}

/**
 * How far an application has come, which decides what may be done with it:
 * what it declares is taken when its host starts, and what it asks of a host
 * is there from when the host opens.
 */
export class Stage {
  /** Whether the host takes requests. */
  isStarted = false
  /** Whether what was declared has been read. */
  isSealed = false
  #parts: ApplicationParts | undefined

  /** The host's parts, while there is a host. */
  get parts(): ApplicationParts | undefined {
    return this.#parts
  }

  open(parts: ApplicationParts): void {
    this.#parts = parts
  }

  close(): void {
    this.#parts = undefined
    this.isStarted = false
  }

  /** @throws `plugin.runtime.already_started` once declarations have been read */
  refuseWhenStarted(member: string): void {
    this.#refuseIf(this.isSealed, member)
  }

  /** For what a host is opened with. @throws `plugin.runtime.already_started` */
  refuseWhenOpen(member: string): void {
    this.#refuseIf(this.isSealed || this.#parts !== undefined, member)
  }

  /** @throws `plugin.runtime.unavailable_before_start` while there is no host */
  require(member: string): ApplicationParts {
    if (this.#parts) return this.#parts
    throw createError('plugin.runtime.unavailable_before_start', member).with({ hint: `Use "app.${member}" after "await app.start()", or in a hook.` })
  }

  #refuseIf(isTooLate: boolean, member: string): void {
    if (!isTooLate) return
    throw createError('plugin.runtime.already_started', member).with({ hint: `Use "app.${member}" before "app.start()".` })
  }
}
