import { createError, readMarks, type ProtocolMethods } from '@mortise/sdk'
import type { ProtocolDefinition } from '@app/registry'

const METHODS = ['start', 'stop', 'broadcast', 'notify', 'joinChannel', 'leaveChannel', 'disconnect'] as const satisfies readonly (keyof ProtocolMethods)[]

/** The doors that classes of a plugin are marked as. @throws `plugin.assert.cannot_load` when one lacks a method. */
export function bindProtocols(plugin: string, instances: readonly object[]): ProtocolDefinition[] {
  return instances.flatMap((instance) => {
    const mark = readMarks(instance.constructor)?.protocol
    if (!mark) return []
    const door = instance as ProtocolMethods
    const missing = METHODS.find((method) => typeof door[method] !== 'function')
    if (missing) {
      throw createError('plugin.assert.cannot_load', plugin, `its protocol "${mark.name}" lacks the method "${missing}".`)
        .with({ place: instance.constructor.name, hint: `Let ${instance.constructor.name} implement ProtocolMethods.` })
    }
    return [{ name: mark.name, door }]
  })
}
