import type { Request } from './request/request.js'
import { marksOf } from './marks.js'
import { assertClass } from './plugin.js'
import type { Class, ControllerOptions, Verb } from './options.js'

/** What `@Action` takes. */
export interface ActionOptions {
  /** The action's public name; the method's own when absent. */
  name?: string
}

/**
 * Makes a class answer requests. Each method marked with {@link Action},
 * {@link Get}, {@link Post} … is reached as `<plugin>/<name>:<method>` over
 * every transport, and over HTTP under `/_plugin/<plugin>/<name>` and
 * `/_/<plugin>/<name>`.
 *
 * @param name - The controller's name within the plugin.
 *
 * @example
 * @Controller('hello')
 * export class HelloController {
 *   @Get('/:name')
 *   sayHello(request: Request) { return `Hello ${request.getString('name')}` }
 * }
 */
export function Controller(name: string, options: ControllerOptions = {}): (target: Class) => void {
  return (target) => {
    assertClass(target)
    marksOf(target).controller = { ...options, name }
  }
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- an action may narrow its request's body
type ActionMethod = (request: Request<any>, ...rest: any[]) => unknown
type ActionDecorator = <T extends ActionMethod>(target: object, key: string, descriptor: TypedPropertyDescriptor<T>) => void

/**
 * Makes a method an action: it gets the {@link Request}, and what it returns
 * (or resolves to) is the result. It has no URL of its own; add {@link Get},
 * {@link Post} … for one, or call it over WebSocket or `POST /_query`.
 */
export function Action(options: ActionOptions = {}): ActionDecorator {
  return (target, key) => {
    actionMark(target, key).name = options.name ?? key
  }
}

/** Makes a method an action that answers `GET path`; `:name` in the path becomes an argument. May be repeated. */
export const Get = (path = ''): ActionDecorator => route('GET', path)
/** Makes a method an action that answers `POST path`. */
export const Post = (path = ''): ActionDecorator => route('POST', path)
/** Makes a method an action that answers `PUT path`. */
export const Put = (path = ''): ActionDecorator => route('PUT', path)
/** Makes a method an action that answers `PATCH path`. */
export const Patch = (path = ''): ActionDecorator => route('PATCH', path)
/** Makes a method an action that answers `DELETE path`. */
export const Delete = (path = ''): ActionDecorator => route('DELETE', path)
/** Makes a method an action that answers `HEAD path`. */
export const Head = (path = ''): ActionDecorator => route('HEAD', path)

function route(verb: Verb, path: string): ActionDecorator {
  return (target, key) => {
    // Decorators run bottom up: the route written first comes first.
    actionMark(target, key).routes.unshift({ verb, path })
  }
}

function actionMark(target: object, method: string) {
  const { actions } = marksOf(target.constructor)
  const known = actions.find((action) => action.method === method)
  if (known) return known
  const mark = { method, name: method, routes: [] }
  actions.push(mark)
  return mark
}
