import { nameOf, type Demand, type Orderable } from './demands.js'

/** Thrown when listeners each want to run before the other. Its message draws the circle, and says who asks for each step of it. */
export class OrderCycle extends Error {
  /** Names of listeners, `<plugin>.<listener>`; the first again last. */
  readonly cycle: readonly string[]

  /** The steps of the circle: who is second in one is first in the next. */
  constructor(readonly demands: readonly Demand[]) {
    const names = demands.map(({ first }) => nameOf(first))
    const cycle = [...names, ...names.slice(0, 1)]
    super([cycle.join(' -> '), ...demands.map(({ first, second, said }) => `  ${nameOf(first)} before ${nameOf(second)}: ${said}`)].join('\n'))
    this.cycle = cycle
  }

  /** The listeners of the circle. */
  get listeners(): readonly Orderable[] {
    return this.demands.map(({ first }) => first)
  }
}
