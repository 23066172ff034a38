import { CommandFault, float } from './fault.js'
import { compareBytes } from './sorted-set.js'

export type InRange = (member: string, score: number) => boolean

/** From score to score, both included but where a bound starts with `(`; an empty one is 0, as in Redis. */
export function scoreRange(min: string, max: string): InRange {
  const [low, high] = [min, max].map((bound) => ({ value: float(bound.replace(/^\(/, '') || '0'), isOpen: bound.startsWith('(') })) as [Bound, Bound]
  return (_member, score) => (low.isOpen ? score > low.value : score >= low.value) && (high.isOpen ? score < high.value : score <= high.value)
}

interface Bound {
  readonly value: number
  readonly isOpen: boolean
}

/** From member to member: `[` includes a bound, `(` does not, `-` and `+` are the ends. */
export function lexRange(min: string, max: string): InRange {
  const [isAfter, isBefore] = [lexBound(min, 1), lexBound(max, -1)]
  return (member) => isAfter(member) && isBefore(member)
}

function lexBound(bound: string, direction: 1 | -1): (member: string) => boolean {
  if (bound === '-') return () => direction === 1
  if (bound === '+') return () => direction === -1
  if (!/^[[(]/.test(bound)) throw new CommandFault('ERR a bound starts with [ or (, or is - or +')
  const least = bound.startsWith('[') ? 0 : 1
  return (member) => compareBytes(member, bound.slice(1)) * direction >= least
}
