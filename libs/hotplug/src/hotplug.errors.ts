import { defineErrors } from '@mortise/sdk'

/** Why plugins that run stay as they are. */
export const hotplugErrors = defineErrors('hotplug', {
  refused: {
    code: 0xff31,
    class: 'PreconditionError',
    message: (plugin: string, outcome: string, report: string) => `Plugin "${plugin}" ${outcome}.\n${report}`,
  },
  code_changed: {
    code: 0xff32,
    class: 'PreconditionError',
    message: (plugin: string) =>
      `The code of plugin "${plugin}" has changed since this process imported it, and nothing can take a module out of memory again.`,
  },
  not_linked: {
    code: 0xff33,
    class: 'PreconditionError',
    message: (plugin: string, fault: string) => `Plugin "${plugin}" cannot be switched: ${fault}.`,
  },
})
