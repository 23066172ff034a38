import { defineErrors } from '@mortise/sdk'

/** What the protocol's catalogue has no id for; numbered beside its `plugin.assert.*`. */
export const orderingErrors = defineErrors('assert', {
  order_cycle: {
    code: 0xff10,
    class: 'PluginImplementationError',
    message: (event: string, drawing: string) => `The listeners of "${event}" cannot be put in order: ${drawing}`,
  },
})
