import type { Clock } from '@app/supervision'
import type { Behaviour } from './placed-fault.js'
import { WaitingRoom } from './waiting-room.js'

/** A behaviour that holds calls back. */
export interface Holding extends Behaviour {
  /** How many it holds. */
  readonly held: number
}

/** Each call is made so many milliseconds later. */
export function delaying(clock: Clock, milliseconds: number): Holding {
  const room = new WaitingRoom()
  return {
    act: (_call, go) => room.hold(go, (release) => void clock.after(milliseconds, release)),
    end: () => room.release(),
    get held() { return room.size },
  }
}

/** The call is not made, and fails. */
export const failing = (error: Error): Behaviour => ({
  act: () => {
    throw error
  },
})

/** The plugin goes down with the call in its hands. */
export const killing = (kill: (plugin: string) => void, isKillable: (plugin: string) => boolean): Behaviour => ({
  suits: ({ plugin }) => isKillable(plugin),
  act: ({ plugin }, go) => {
    kill(plugin)
    return go()
  },
})

/** The call is made once more after it was made. */
export const duplicating: Behaviour = {
  suits: ({ isHook }) => isHook,
  act: async (_call, go) => {
    await go()
    return go()
  },
}

/** Calls are gathered, and made in the opposite order once there are `size`, or the first has waited for `within` milliseconds. */
export function reordering(clock: Clock, { size, within }: { size: number; within: number }): Holding {
  const room = new WaitingRoom()
  let cancel: (() => void) | undefined
  const release = (): void => {
    cancel?.()
    cancel = undefined
    room.release()
  }
  return {
    suits: ({ isHook }) => isHook,
    act: (_call, go) => {
      const made = room.hold(go)
      if (room.size >= size) release()
      else cancel ??= clock.after(within, release)
      return made
    },
    end: release,
    get held() { return room.size },
  }
}
