import type { Phase } from '@mortise/sdk'

/** What ordering needs to know of a listener. */
export interface Orderable {
  readonly plugin: string
  /** Where it is written, such as `CreatedAt.stamp`; what follows the last dot is the listener's own name. */
  readonly name: string
  /** `normal` when absent. */
  readonly phase?: Phase
  readonly before?: readonly string[]
  readonly after?: readonly string[]
}

/** That one listener runs before another, and who asks for it. */
export interface Demand<T extends Orderable = Orderable> {
  readonly first: T
  readonly second: T
  /** What asks for it: `created-at.stamp says before "audit"`. */
  readonly said: string
  /** The listener that asks; of phases, the one that chose the more particular of both. */
  readonly by: T
}

const PHASES: readonly Phase[] = ['early', 'normal', 'late']

/** The own name of a listener, which others of its plugin, and of others, may call it by. */
export const labelOf = ({ name }: Pick<Orderable, 'name'>): string => name.slice(name.lastIndexOf('.') + 1)

/** The name of a listener among all: `<plugin>.<own name>`. */
export const nameOf = (listener: Pick<Orderable, 'name' | 'plugin'>): string => `${listener.plugin}.${labelOf(listener)}`

export const phaseOf = ({ phase = 'normal' }: Pick<Orderable, 'phase'>): Phase => phase

/** How many phases run before that of the listener. */
export const rankOf = (listener: Orderable): number => PHASES.indexOf(phaseOf(listener))

/**
 * Everything that `before` and `after` ask for among listeners of one event.
 * A name is a plugin's, for all its listeners; else a listener's, alone or as
 * `<plugin>.<listener>`. Names of those who do not listen ask for nothing.
 */
export function demandsOf<T extends Orderable>(listeners: readonly T[]): readonly Demand<T>[] {
  return listeners.flatMap((by) => [
    ...(by.before ?? []).flatMap((name) => meantBy(name, by, listeners).map((second) => ({ first: by, second, by, said: `${nameOf(by)} says before "${name}"` }))),
    ...(by.after ?? []).flatMap((name) => meantBy(name, by, listeners).map((first) => ({ first, second: by, by, said: `${nameOf(by)} says after "${name}"` }))),
  ])
}

/** Why a listener of an earlier phase runs before one of a later. */
export const phaseDemand = <T extends Orderable>(first: T, second: T): Demand<T> =>
  ({ first, second, by: first, said: `${nameOf(first)} is ${phaseOf(first)} and ${nameOf(second)} ${phaseOf(second)}` })

function meantBy<T extends Orderable>(name: string, by: T, listeners: readonly T[]): readonly T[] {
  const isPlugin = listeners.some(({ plugin }) => plugin === name)
  return listeners.filter((other) => (isPlugin ? other.plugin === name && by.plugin !== name : other !== by && [labelOf(other), nameOf(other)].includes(name)))
}
