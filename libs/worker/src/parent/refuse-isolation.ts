import type { ApiError } from '@mortise/sdk'
import { workerErrors } from '../worker.errors.js'

/** The fault of a plugin that is to be isolated and cannot be. */
export const refuseIsolation = (plugin: string, fault: string, hint: string): ApiError =>
  workerErrors.cannot_isolate(plugin, fault).with({ place: `the configuration → plugins.${plugin}.isolation`, hint })
