import { createError } from '@mortise/sdk'
import { isRecord } from '../classic-plugin.js'
import { readApi } from '../declarations/api.js'
import { eraOf } from '../identity/era.js'
import { kebabCase } from '../kebab-case.js'
import type { Stage } from './stage.js'

/** A controller as a class writes it. */
interface ControllerInstance {
  readonly name?: string
  readonly definition: { readonly actions: Readonly<Record<string, unknown>> }
}

/** The versions of the classic host that applications were written for. */
export const APPLICATION_RANGE = '>=2.0.0 <3.0.0'

/** `app.controller`: actions of the application's own, under names without a prefix. */
export class ApplicationControllers {
  readonly #declared: Record<string, unknown> = {}

  constructor(private readonly application: string, private readonly stage: Stage, private readonly allowsMore: () => boolean) {}

  /** Controllers by name, as `api` of a classic plugin. */
  get declared(): Readonly<Record<string, unknown>> {
    return this.#declared
  }

  /** @throws `plugin.assert.invalid_controller_definition`, `plugin.runtime.already_started` */
  register(name: string, definition: unknown): void {
    this.stage.refuseWhenStarted('controller')
    if (typeof name !== 'string' || name === '') throw invalid(String(name), 'its name is no text')
    if (Object.hasOwn(this.#declared, name)) throw invalid(name, 'the application has a controller of that name')
    readApi({
      name: this.application, place: 'the application', plugin: { init: () => undefined, api: { [name]: definition } },
      era: eraOf({ range: APPLICATION_RANGE, hasManifest: true, isModern: true }), allowsMore: this.allowsMore(),
    })
    this.#declared[name] = definition
  }

  /** Takes a controller written as a class; unnamed, it is called as its class in kebab-case, without `Controller`. Its handlers are its methods. */
  use(controller: ControllerInstance): void {
    this.stage.refuseWhenStarted('controller')
    const name = controller?.name ?? kebabCase((controller?.constructor.name ?? '').replace(/Controller$/, ''))
    const actions: unknown = controller?.definition?.actions
    if (!isRecord(actions)) throw invalid(name, 'it has no object "definition.actions"')
    const bound = Object.entries(actions).map(([action, declared]) => [action, boundTo(controller, declared)])
    this.register(name, { actions: Object.fromEntries(bound) as Record<string, unknown> })
  }
}

const boundTo = (controller: object, declared: unknown): unknown =>
  (isRecord(declared) && typeof declared.handler === 'function' ? { ...declared, handler: declared.handler.bind(controller) as unknown } : declared)

const invalid = (name: string, fault: string): Error =>
  createError('plugin.assert.invalid_controller_definition', name, fault).with({ place: 'app.controller' })
