/** What a role allows, as stored: `{document: {actions: {get: true, '*': false}}}`. `*` stands for what is not named. */
export type RoleControllers = Record<string, { actions: Record<string, boolean> }>

/** A role in the form that checks read: what is not `true` is denied. */
export class CompiledRole {
  readonly #controllers: ReadonlyMap<string, ReadonlyMap<string, boolean>>

  constructor(controllers: RoleControllers) {
    this.#controllers = new Map(Object.entries(controllers).map(([controller, { actions }]) => [
      canonical(controller),
      new Map(Object.entries(actions).map(([action, value]) => [action, value === true])),
    ]))
  }

  get controllers(): Iterable<string> {
    return this.#controllers.keys()
  }

  /** The actions that decide about a controller: its own when it is named, else those of `*`. Nothing is merged. */
  actionsOf(controller: string): ReadonlyMap<string, boolean> | undefined {
    return this.#controllers.get(controller) ?? this.#controllers.get('*')
  }

  allows(controller: string, action: string): boolean {
    const actions = this.actionsOf(canonical(controller))
    return actions?.get(action) ?? actions?.get('*') ?? false
  }

  /** Every controller and action that the role names, with what it says about them. */
  * entries(): Iterable<{ controller: string; action: string; isAllowed: boolean }> {
    for (const [controller, actions] of this.#controllers) {
      for (const [action, isAllowed] of actions) yield { controller, action, isAllowed }
    }
  }
}

/** `memoryStorage` is the long name of `ms`. */
export const canonical = (controller: string): string => (controller === 'memoryStorage' ? 'ms' : controller)
