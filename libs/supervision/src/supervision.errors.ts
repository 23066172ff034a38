import { defineErrors } from '@mortise/sdk'

/** Faults of calls into plugins that the protocol's catalogue has no id for; they stand beside its `plugin.runtime.*`. */
export const supervisionErrors = defineErrors('runtime', {
  breaker_open: {
    code: 0xff21,
    class: 'ServiceUnavailableError',
    message: (plugin: string, event: string) => `Plugin "${plugin}" keeps failing and is not asked for "${event}" for a while.`,
  },
  too_many_calls: {
    code: 0xff22,
    class: 'ServiceUnavailableError',
    message: (plugin: string, event: string) => `Too many calls wait for plugin "${plugin}" to answer "${event}".`,
  },
  call_timeout: {
    code: 0xff23,
    class: 'GatewayTimeoutError',
    message: (plugin: string, listener: string, milliseconds: number) => `Plugin "${plugin}" has not answered ${listener} within ${milliseconds} ms.`,
  },
  quarantined: {
    code: 0xff24,
    class: 'ServiceUnavailableError',
    message: (plugin: string, event: string, reason: string) => `Plugin "${plugin}" is in quarantine and does not answer "${event}": ${reason}.`,
  },
})
