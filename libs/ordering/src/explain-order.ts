import { demandsOf, phaseOf, type Orderable } from './demands.js'

/**
 * Why each listener of an event stands where it does, in sentences: its phase
 * when it chose one, what it and others ask for, and `load order` when that
 * alone decided.
 *
 * @param listeners - As `orderListeners` yields them.
 */
export function explainOrder(listeners: readonly Orderable[]): readonly (readonly string[])[] {
  const demands = demandsOf(listeners)
  return listeners.map((listener) => {
    const asked = demands.filter(({ first, second }) => first === listener || second === listener).map(({ said }) => said)
    const phase = phaseOf(listener)
    const reasons = [...(phase === 'normal' ? [] : [`phase ${phase}`]), ...new Set(asked)]
    return reasons.length > 0 ? reasons : ['load order']
  })
}
