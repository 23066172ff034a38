import { Causation } from '@app/causation'
import { checkDurableHooks, Deliverer, type DeliveryOptions } from '@app/background'
import type { HookDefinition } from '@app/registry'
import type { DocumentStore } from '@app/storage'
import { Supervisor, type PluginBudget } from '@app/supervision'
import type { Delivery, RequestData } from '@mortise/sdk'
import { callAction } from './call-action.js'
import { definePlugin } from './define-plugin.js'
import { ManualClock } from './manual-clock.js'
import { startBuiltIns } from './start-built-ins.js'

export const ORDERS = { index: 'shop', collection: 'orders' }

/** A durable hook as a definition has it; its handler gets what a method would get. */
export const durable = (event: string, handler: (...told: never[]) => unknown, name = 'Keeper.keep'): HookDefinition =>
  ({ event, name, durable: true, handler: handler as HookDefinition['handler'] })

/** The built-in controllers with deliveries, on a clock that stands still; on a store of its own unless one is given. */
export async function startDurable({ hooks = [], owner = 'host', options = {}, store, budget, quarantineAfter, clock = new ManualClock() }: {
  hooks?: readonly HookDefinition[]
  owner?: string
  options?: Partial<DeliveryOptions>
  budget?: PluginBudget
  quarantineAfter?: number
  store?: DocumentStore
  clock?: ManualClock
} = {}) {
  const host = await startBuiltIns({ store })
  const { registry, bus, logger, pipeline } = host
  registry.addCheck(checkDurableHooks)
  const supervisor = new Supervisor({ logger, clock: () => clock.now(), quarantineAfter })
  const limits = { attempts: 3, firstDelay: 1_000, longestDelay: 1_500, timeout: 500, ...options }
  const deliverer = new Deliverer({ causation: new Causation(), outbox: host.store.outbox, registry, supervisor, bus, logger, clock, owner, options: limits })
  await host.store.createCollection(ORDERS)
  const plug = (name: string, ...brought: HookDefinition[]): (() => void) => {
    supervisor.begin(name, budget)
    return registry.register(definePlugin({ name, hooks: brought }))
  }
  const unplug = hooks.length > 0 ? plug('keeper', ...hooks) : () => undefined
  deliverer.start()
  const stop = async (): Promise<void> => {
    const closed = deliverer.close(1_000)
    // A hook that never answers is given up by the clock, which stands still by itself.
    const impatience = setTimeout(() => clock.advance(1_000), 200)
    await closed
    clearTimeout(impatience)
    await host.stop()
  }
  const call = async (action: string, data: Partial<RequestData> = {}) => callAction(pipeline, { controller: 'document', action, ...ORDERS, ...data })
  /** Lets time pass. A look that is under way has still seen the time before, so another one follows. */
  const pass = (milliseconds: number): void => {
    clock.advance(milliseconds)
    deliverer.look()
  }
  return { ...host, deliverer, supervisor, clock, pass, plug, unplug, call, stop }
}

export type DurableHost = Awaited<ReturnType<typeof startDurable>>

/** What a durable hook was told, the payload first. */
export interface Told { readonly payload: unknown[]; readonly event: string; readonly delivery: Delivery }

/** A handler that keeps what it is told, and does then what it is given to do. */
export function keepTold(act: (told: Told) => unknown = () => undefined): { told: Told[]; handler: (...values: unknown[]) => unknown } {
  const told: Told[] = []
  const handler = (...values: unknown[]): unknown => {
    const [event, delivery] = values.slice(-2) as [string, Delivery]
    const one = { payload: values.slice(0, -2), event, delivery }
    told.push(one)
    return act(one)
  }
  return { told, handler }
}
