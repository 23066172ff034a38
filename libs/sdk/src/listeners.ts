import { assertMethod, misused, type DecoratedMethod } from './assert-decorated.js'
import type { Delivery, DurableEvent } from './deliveries.js'
import type { EventPattern, Payload } from './events.js'
import { marksOf } from './marks.js'
import type { HookOptions, Order, Phase, PipeOptions } from './options.js'

/** Decorates methods of exactly this shape, and refuses others when compiling. */
type MethodDecoratorFor<Shape> = <T extends Shape>(target: object, key: string, descriptor: TypedPropertyDescriptor<T>) => void

/** Listeners to what other plugins trigger know its payload best themselves. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as the payload of such events
type HookArguments<E extends EventPattern> = any[] extends Payload<E> ? any[] : [...Payload<E>, event: string]

type HookMethod<E extends EventPattern> = (...args: HookArguments<E>) => unknown
type DurableMethod<E extends DurableEvent> = (...args: [...Payload<E>, event: string, delivery: Delivery]) => unknown
type PipeMethod<E extends EventPattern> = (...args: Payload<E>) => Payload<E>[0] | Promise<Payload<E>[0]>

/**
 * Calls the method each time `event` happens, with the event's payload and,
 * last, the name or pattern it was registered under. The request does not
 * wait for it, and what it throws, now or later, is logged under the plugin's
 * name and told as `hook:onError`.
 *
 * With `durable`, the method is told of each change for sure, once it is
 * stored; see {@link HookOptions.durable}.
 *
 * To change or refuse a request, use {@link Pipe}.
 *
 * @param event - A name from {@link Events}, or a pattern such as `document:*`.
 * @throws TypeError when it decorates anything but a method, or has a name or phase that is none.
 *
 * @example
 * @Hook('document:afterCreate', { where: { equals: { kind: 'invoice' } } })
 * log(request: Request) { this.logger.info(`invoice ${request.getId()}`) }
 */
export function Hook<const E extends DurableEvent>(event: E, options: HookOptions & { durable: true }): MethodDecoratorFor<DurableMethod<E>>
export function Hook<const E extends EventPattern>(event: E, options?: HookOptions & { durable?: false }): MethodDecoratorFor<HookMethod<E>>
export function Hook(event: string, options: HookOptions = {}): MethodDecoratorFor<(...args: never[]) => unknown> {
  checkEvent('@Hook', event)
  return (target, key, descriptor) => mark('hook', { target, key, descriptor, event, options })
}

/**
 * Puts the method into the path of `event`: it is awaited, what it returns
 * replaces the event's first payload, and what it throws ends the request.
 * Pipes run one after another, in load order unless `phase`, `before` or
 * `after` say otherwise; with `where`, only for the documents it names.
 *
 * @param event - A name from {@link Events}, or a pattern such as `document:before*`.
 * @throws TypeError when it decorates anything but a method, or has a name or phase that is none.
 *
 * @example
 * @Pipe('document:beforeCreate', { after: 'created-at' })
 * check(request: Request) {
 *   if (!request.getBody().title) throw new BadRequestError('A document needs a title.')
 *   return request
 * }
 */
export function Pipe<const E extends EventPattern>(event: E, options: PipeOptions = {}): MethodDecoratorFor<PipeMethod<E>> {
  checkEvent('@Pipe', event)
  return (target, key, descriptor) => mark('pipe', { target, key, descriptor, event, options })
}

interface Decorated extends DecoratedMethod {
  event: string
  options: PipeOptions
}

/** @throws TypeError */
function checkEvent(decorator: string, event: unknown): void {
  if (typeof event !== 'string') throw misused(decorator, event, `${decorator}('document:beforeCreate'), once for each event`)
}

const NAME = /^[\w-]+$/
const PHASES: readonly string[] = ['early', 'normal', 'late'] satisfies Phase[]

/** Plugins need not be compiled. */
function checkOrder(says: string, { name, phase }: Order): void {
  if (name !== undefined && !NAME.test(name)) throw new TypeError(`${says} has the name "${name}": use letters, digits, dashes and underscores.`)
  if (phase !== undefined && !PHASES.includes(phase)) throw new TypeError(`${says} has the phase "${phase}", which is none of ${PHASES.join(', ')}.`)
}

function mark(kind: 'hook' | 'pipe', { target, key, descriptor, event, options }: Decorated): void {
  const says = `@${kind === 'hook' ? 'Hook' : 'Pipe'}('${event}')`
  assertMethod(says, { target, key, descriptor })
  checkOrder(says, options)
  checkBudget(`${says} on "${key}"`, options)
  marksOf(target.constructor).listeners.push({ kind, event, method: key, options })
}

/** Plugins in JavaScript, or with computed options, are not held to types. @throws TypeError naming the option */
function checkBudget(says: string, { timeout, concurrency, queue, breaker }: PipeOptions): void {
  const { failures, probeAfter } = breaker ?? { failures: 1 }
  for (const [name, value, least] of [
    ['timeout', timeout, 0], ['concurrency', concurrency, 0], ['queue', queue, 0], ['breaker.failures', failures, 1], ['breaker.probeAfter', probeAfter, 1],
  ] as const) {
    if (value !== undefined && !(Number.isInteger(value) && value >= least)) throw new TypeError(`${says}: ${name} is no whole number from ${least} on.`)
  }
}
