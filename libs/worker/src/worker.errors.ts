import { defineErrors } from '@mortise/sdk'

/** Faults of plugins that run in a thread or process of their own. */
export const workerErrors = defineErrors('worker', {
  unavailable: {
    code: 0xff11,
    class: 'ServiceUnavailableError',
    message: (plugin: string, reason: string) => `Plugin "${plugin}" cannot answer: ${reason}.`,
  },
  cannot_cross: {
    code: 0xff12,
    class: 'InternalError',
    message: (plugin: string, subject: string, fault: string) => `${subject} of plugin "${plugin}" hands over what cannot leave its thread or process: ${fault}`,
  },
  trial_ended: {
    code: 0xff14,
    class: 'PluginImplementationError',
    message: (place: string, reason: string) => `The plugin in "${place}" cannot be loaded: ${reason}.`,
  },
  cannot_isolate: {
    code: 0xff13,
    class: 'PluginImplementationError',
    message: (plugin: string, fault: string) => `Plugin "${plugin}" cannot be isolated: ${fault}.`,
  },
})
