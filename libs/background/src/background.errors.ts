import { defineErrors } from '@mortise/sdk'

/** Faults of what runs without a request. */
export const backgroundErrors = defineErrors('background', {
  not_durable: {
    code: 0xff21,
    class: 'PluginImplementationError',
    message: (plugin: string, event: string) => `Plugin "${plugin}" wants to hear durably of "${event}", which is not stored with a document.`,
  },
  ambiguous_listener: {
    code: 0xff22,
    class: 'PluginImplementationError',
    message: (plugin: string, listener: string, event: string) => `Plugin "${plugin}" has two durable hooks "${listener}" on "${event}".`,
  },
  cannot_be_kept: {
    code: 0xff23,
    class: 'InternalError',
    message: (event: string, fault: string) => `The request cannot be kept for durable listeners of "${event}": ${fault}.`,
  },
  no_listener: {
    code: 0xff25,
    class: 'PluginImplementationError',
    message: (plugin: string, listener: string, event: string) => `"${listener}" of plugin "${plugin}" no longer listens durably to "${event}".`,
  },
  invalid_schedule: {
    code: 0xff26,
    class: 'PluginImplementationError',
    message: (plugin: string, job: string, fault: string) => `Plugin "${plugin}" cannot run "${job}" at its times: ${fault}.`,
  },
})
