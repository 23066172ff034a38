import { buildAutomaton } from './build-automaton.js'
import type { CharacterState, State } from './build-automaton.js'
import { isLineTerminator, parsePattern } from './parse-pattern.js'
import type { Assertion } from './pattern-tree.js'

/** What stands on one side of a place in a text. */
type Neighbour = 'edge' | 'line' | 'word' | 'other'

/** Where a search may be after some characters, and what each next character makes of it, as far as that was seen. */
interface Step {
  readonly places: number[]
  readonly before: Neighbour
  readonly following: Map<number, Step | typeof found>
}

const found = Symbol('found')

/** Linear is not free: the largest pattern takes some tenths of a second for so many characters, if the text is made to annoy it. */
const maxTextLength = 65_536

/** Remembered transitions and places, after which a matcher forgets and starts over: some megabytes. */
const maxRemembered = 100_000
/** A text that makes it forget more often gains nothing from its memory, and is walked without. */
const maxForgotten = 2

/**
 * A regular expression that is found in a text in time linear in the text, whatever the pattern: no input makes it backtrack.
 * It walks all readings at once, and remembers the walk (a lazily built deterministic automaton).
 */
export class PatternMatcher {
  private readonly states: State[]
  private readonly start: number
  private readonly isMultiline: boolean
  private readonly marks: Float64Array
  private mark = 0
  private steps = new Map<string, Step>()
  private remembered = 0
  private forgotten = 0

  /** @throws PatternFault as {@link parsePattern} does, or when the pattern is too large. */
  constructor(pattern: string, flags = '') {
    const { states, start } = buildAutomaton(parsePattern(pattern, flags))
    this.states = states
    this.start = start
    this.isMultiline = flags.includes('m')
    this.marks = new Float64Array(states.length)
  }

  /** Whether the pattern is found anywhere in the text; never in one of more than 65,536 characters (UTF-16 units). */
  test(text: string): boolean {
    if (text.length > maxTextLength) return false
    let step = this.stepAt([], 'edge')
    this.forgotten = 0
    for (let position = 0; position < text.length;) {
      const codePoint = text.codePointAt(position)!
      const next = step.following.get(codePoint) ?? this.advance(step, codePoint)
      if (next === found) return true
      step = next
      position += codePoint > 0xffff ? 2 : 1
    }
    return this.spread(step, 'edge') === found
  }

  private advance(step: Step, codePoint: number): Step | typeof found {
    const after = neighbourOf(codePoint)
    const ready = this.spread(step, after)
    const places = ready === found ? found : this.placesAfter(ready, codePoint)
    if (this.forgotten > maxForgotten) return places === found ? found : { places, before: after, following: new Map() }
    const next = places === found ? found : this.stepAt(places.sort((one, other) => one - other), after)
    step.following.set(codePoint, next)
    this.remember(1 + step.places.length)
    return next
  }

  private stepAt(places: number[], before: Neighbour): Step {
    const key = `${before} ${places.join()}`
    const known = this.steps.get(key)
    if (known !== undefined) return known
    const step = { places, before, following: new Map() }
    this.steps.set(key, step)
    return step
  }

  private remember(weight: number): void {
    this.remembered += weight
    if (this.remembered <= maxRemembered) return
    this.remembered = 0
    this.steps = new Map()
    this.forgotten++
  }

  /** The character states that can be reached without reading on, given what comes next; a match may also start right here. */
  private spread({ places, before }: Step, after: Neighbour): CharacterState[] | typeof found {
    const ready: CharacterState[] = []
    const waiting = [...places, this.start]
    this.mark++
    for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
      if (!this.isNew(place)) continue
      const state = this.states[place]!
      if (state.type === 'found') return found
      if (state.type === 'character') ready.push(state)
      else if (state.type === 'fork') waiting.push(state.one, state.other)
      else if (this.holds(state.assertion, before, after)) waiting.push(state.next)
    }
    return ready
  }

  private placesAfter(ready: CharacterState[], codePoint: number): number[] {
    const places: number[] = []
    this.mark++
    for (const { accepts, next } of ready) if (accepts(codePoint) && this.isNew(next)) places.push(next)
    return places
  }

  /** Whether the place was not met since the mark was last set, as a set would tell, only faster. */
  private isNew(place: number): boolean {
    if (this.marks[place] === this.mark) return false
    this.marks[place] = this.mark
    return true
  }

  private holds(assertion: Assertion, before: Neighbour, after: Neighbour): boolean {
    switch (assertion) {
      case 'start': return before === 'edge' || (this.isMultiline && before === 'line')
      case 'end': return after === 'edge' || (this.isMultiline && after === 'line')
      case 'boundary': return (before === 'word') !== (after === 'word')
      case 'no-boundary': return (before === 'word') === (after === 'word')
    }
  }
}

function neighbourOf(codePoint: number): Neighbour {
  if (isLineTerminator(codePoint)) return 'line'
  return isWordCharacter(codePoint) ? 'word' : 'other'
}

function isWordCharacter(codePoint: number): boolean {
  return (codePoint >= 48 && codePoint <= 57) || (codePoint >= 65 && codePoint <= 90) || codePoint === 95 || (codePoint >= 97 && codePoint <= 122)
}
