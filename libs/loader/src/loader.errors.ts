import { defineErrors } from '@mortise/sdk'

/**
 * Faults of a boot that the protocol's catalogue has no id for. They stand
 * beside its `plugin.assert.*`, in the numbers it leaves to plugins.
 */
export const loaderErrors = defineErrors('assert', {
  unknown_event: {
    code: 0xff01,
    class: 'PluginImplementationError',
    message: (plugin: string, event: string) => `Plugin "${plugin}" listens to "${event}", which nothing emits.`,
  },
  unknown_plugin: {
    code: 0xff02,
    class: 'PluginImplementationError',
    message: (plugin: string, other: string, order: string) => `Plugin "${plugin}" wants to run ${order} "${other}", which is neither a plugin nor a listener of one that is loaded.`,
  },
  invalid_config: {
    code: 0xff03,
    class: 'InternalError',
    message: (path: string, fault: string) => `${path}: ${fault}`,
  },
  unresolved_dependency: {
    code: 0xff04,
    class: 'PluginImplementationError',
    message: (plugin: string, type: string, parameter: string) => `Nothing provides ${parameter} of ${type} in plugin "${plugin}".`,
  },
})
