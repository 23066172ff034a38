import { defineErrors } from '@mortise/sdk'

/** What the protocol's catalogue has no id for; numbered beside its `plugin.runtime.*`. */
export const causationErrors = defineErrors('runtime', {
  listener_loop: {
    code: 0xff20,
    class: 'PluginImplementationError',
    message: (cycle: string, event: string) => `A listener to "${event}" is the cause of its own call, for what it is at work on: ${cycle}`,
  },
  chain_too_deep: {
    code: 0xff21,
    class: 'PluginImplementationError',
    message: (cycle: string, limit: number) => `More than ${limit} calls with events led from one to the next: ${cycle}`,
  },
  chain_too_wide: {
    code: 0xff22,
    class: 'PluginImplementationError',
    message: (cycle: string, limit: number) => `One call has led to more than ${limit} with events that are under way at once: ${cycle}`,
  },
})
