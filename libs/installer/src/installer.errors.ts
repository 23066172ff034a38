import { defineErrors } from '@mortise/sdk'

/** Faults of plugins that were installed, beside the protocol's `plugin.*`. */
export const installerErrors = defineErrors('integrity', {
  changed: {
    code: 0xff11,
    class: 'InternalError',
    message: (plugin: string, version: string) => `Plugin "${plugin}" is not what was installed: its folder differs from version ${version} in the lock file.`,
  },
  unreadable_lock: {
    code: 0xff12,
    class: 'InternalError',
    message: (path: string, fault: string) => `The lock file "${path}" cannot be read: ${fault}.`,
  },
})
