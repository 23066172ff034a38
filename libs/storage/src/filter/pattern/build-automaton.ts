import { PatternFault } from './pattern-tree.js'
import type { AcceptsCodePoint, Assertion, PatternTree } from './pattern-tree.js'

/** A state of a nondeterministic automaton; `next`, `one` and `other` are places in the list of states. */
export type State =
  | CharacterState
  | { type: 'assertion'; assertion: Assertion; next: number }
  | { type: 'fork'; one: number; other: number }
  | { type: 'found' }

export interface CharacterState { type: 'character'; accepts: AcceptsCodePoint; next: number }

export interface Automaton { states: State[]; start: number }

const maxStates = 500
/** Also bounds what counted repetitions of nothing, as in `(?:(?:){999}){999}`, cost to lay out. */
const maxSteps = 20_000

/**
 * Lays a pattern out as a nondeterministic automaton (Thompson's construction), last part first.
 *
 * @throws PatternFault when it would take more than 500 states.
 */
export function buildAutomaton(tree: PatternTree): Automaton {
  const states: State[] = []
  let steps = 0

  function add(state: State): number {
    if (states.length === maxStates) throw new PatternFault(`is too large: its repetitions written out take more than ${maxStates} places`)
    return states.push(state) - 1
  }

  /** Lays out `part` so that it goes on to `next`, and returns where it starts. */
  function lay(part: PatternTree, next: number): number {
    if (++steps > maxSteps) throw new PatternFault('is too large: it nests too many repetitions')
    switch (part.type) {
      case 'character': return add({ type: 'character', accepts: part.accepts, next })
      case 'assertion': return add({ type: 'assertion', assertion: part.assertion, next })
      case 'sequence': return part.parts.reduceRight((following, each) => lay(each, following), next)
      case 'choice': return part.options.map((option) => lay(option, next)).reduce((other, one) => add({ type: 'fork', one, other }))
      case 'repeat': return layRepeat(part, next)
    }
  }

  function layRepeat({ body, least, most }: PatternTree & { type: 'repeat' }, next: number): number {
    let start = most === Infinity ? layLoop(body, next) : next
    for (let optional = least; most !== Infinity && optional < most; optional++) start = add({ type: 'fork', one: lay(body, start), other: next })
    for (let count = 0; count < least; count++) start = lay(body, start)
    return start
  }

  function layLoop(body: PatternTree, next: number): number {
    const fork: State = { type: 'fork', one: next, other: next }
    const start = add(fork)
    fork.one = lay(body, start)
    return start
  }

  const start = lay(tree, add({ type: 'found' }))
  return { states, start }
}
