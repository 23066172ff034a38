import type { ControllerOptions, CronOptions, HookOptions, PipeOptions, PluginOptions, RouteMark, StrategyOptions } from './options.js'
import type { StandardSchemaV1 } from './standard-schema.js'

/** The key under which a class carries its marks; a registered symbol, so that two copies of this package agree. */
const MARKS = Symbol.for('mortise.marks')

/** A method that listens: what `@Hook` and `@Pipe` leave behind. */
export type ListenerMark =
  | { kind: 'hook'; event: string; method: string; options: HookOptions }
  | { kind: 'pipe'; event: string; method: string; options: PipeOptions }

/** A method that answers requests: what `@Action`, `@Get`, `@Post` … leave behind. */
export interface ActionMark {
  method: string
  name: string
  routes: RouteMark[]
  summary?: string
  input?: StandardSchemaV1
  output?: StandardSchemaV1
}

/** Everything the decorators wrote on one class. */
export interface Marks {
  plugin?: PluginOptions
  controller?: ControllerOptions & { name: string }
  strategy?: StrategyOptions & { name: string }
  protocol?: { name: string }
  /** Methods that run at their times: what `@Cron` and `@Every` leave behind; absent when there are none. */
  schedules?: readonly ({ method: string; cron?: string; every?: number | string; options: CronOptions })[]
  listeners: ListenerMark[]
  actions: ActionMark[]
}

type Marked = { [MARKS]?: Marks }

/**
 * The marks of a class, to be written to. A subclass starts with a copy of
 * its parent's listeners and actions and never writes to the parent's.
 */
export function marksOf(target: object): Marks {
  const marked = target as Marked
  if (!Object.hasOwn(marked, MARKS)) {
    const inherited = marked[MARKS]
    const marks: Marks = {
      ...(inherited?.schedules && { schedules: inherited.schedules }),
      listeners: [...(inherited?.listeners ?? [])],
      actions: (inherited?.actions ?? []).map((action) => ({ ...action, routes: [...action.routes] })),
    }
    Object.defineProperty(marked, MARKS, { value: marks, enumerable: false })
  }
  return marked[MARKS] as Marks
}

/**
 * The marks of a class, or `undefined` when no decorator of this package has
 * touched it. Works for classes decorated by another copy of the package.
 */
export function readMarks(target: unknown): Marks | undefined {
  return typeof target === 'function' ? (target as Marked)[MARKS] : undefined
}
