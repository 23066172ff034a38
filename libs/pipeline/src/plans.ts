import { planRecording, type RecordingPlan } from '@app/background'
import type { Chain, RegisteredAction, Registry } from '@app/registry'
import type { Traffic } from '@app/supervision'
import { documentEventsOf, type DocumentEvents } from './document-events.js'

/** The chains that every request passes, whatever its action. */
export interface RequestPlan {
  readonly beforeExecution: Chain | undefined
  readonly onAuthorized: Chain | undefined
  readonly onUnauthorized: Chain | undefined
  readonly onExecution: Chain | undefined
  readonly onSuccess: Chain | undefined
  readonly onError: Chain | undefined
  readonly afterExecution: Chain | undefined
}

/** Everything an action needs to run, looked up beforehand. */
export interface ActionPlan extends RegisteredAction {
  readonly before: Chain | undefined
  readonly after: Chain | undefined
  readonly error: Chain | undefined
  /** Present for actions that read or write documents. */
  readonly documents: DocumentEvents | undefined
  /** Present where somebody listens durably to what the action writes. */
  readonly recording: RecordingPlan | undefined
}

/**
 * What the pipeline needs to know of hooks, pipes and actions, compiled when
 * plugins come or go, so that a request only looks up its action.
 */
export class Plans {
  request!: RequestPlan
  #actions!: ReadonlyMap<string, ReadonlyMap<string, ActionPlan>>

  readonly traffic: Traffic

  constructor(private readonly registry: Registry) {
    this.traffic = registry.traffic
    registry.onChange(() => this.#compile())
    this.#compile()
  }

  /** The plan of an action, or `undefined` when there is no such controller or action. */
  find(controller: string, action: string): ActionPlan | undefined {
    return this.#actions.get(controller)?.get(action)
  }

  /** Names of all controllers. */
  get controllers(): readonly string[] {
    return [...this.#actions.keys()]
  }

  /** Names of a controller's actions; none when there is no such controller. */
  actionsOf(controller: string): readonly string[] {
    return [...(this.#actions.get(controller)?.keys() ?? [])]
  }

  #compile(): void {
    const chain = (event: string): Chain | undefined => this.registry.chainOf(event)
    this.request = {
      beforeExecution: chain('request:beforeExecution'),
      onAuthorized: chain('request:onAuthorized'),
      onUnauthorized: chain('request:onUnauthorized'),
      onExecution: chain('request:onExecution'),
      onSuccess: chain('request:onSuccess'),
      onError: chain('request:onError'),
      afterExecution: chain('request:afterExecution'),
    }
    const actions = [...this.registry.actions].map(([controller, found]): [string, ReadonlyMap<string, ActionPlan>] => [
      controller,
      new Map([...found].map(([name, action]) => [name, this.#plan(action)])),
    ])
    this.#actions = withAliases(new Map(actions))
  }

  #plan(registered: RegisteredAction): ActionPlan {
    const { controller, action: { name } } = registered
    const event = (time: string): string => `${controller}:${time}${name.charAt(0).toUpperCase()}${name.slice(1)}`
    return {
      ...registered,
      before: this.registry.chainOf(event('before')),
      after: this.registry.chainOf(event('after')),
      error: this.registry.chainOf(event('error')),
      documents: documentEventsOf(controller, name, this.registry),
      recording: planRecording(controller, name, this.registry),
    }
  }
}

/** `memoryStorage` is the long name of `ms`; events carry the short one. */
function withAliases<T>(controllers: Map<string, T>): Map<string, T> {
  const memory = controllers.get('ms')
  return memory ? controllers.set('memoryStorage', memory) : controllers
}
