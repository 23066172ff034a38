import type { Request } from './request/request.js'
import { assertClass, assertMethod, misused, type DecoratedMethod } from './assert-decorated.js'
import { marksOf, type ActionMark } from './marks.js'
import type { Class, ControllerOptions, Verb } from './options.js'
import type { InferInput, InferOutput, StandardSchemaV1 } from './standard-schema.js'

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- without a schema, an action takes and gives what it likes
type Unchecked = StandardSchemaV1<any, any>

/** What {@link Get}, {@link Post} … take besides the path. */
export interface RouteOptions<I extends StandardSchemaV1 = Unchecked, O extends StandardSchemaV1 = Unchecked> {
  /** One line for the description of the API. */
  summary?: string
  /**
   * What the action takes: its arguments by name, and `body` beside them,
   * such as `z.object({ id: z.string(), body: order })`. The method's second
   * parameter is what the schema makes of them. Over HTTP, texts of the URL
   * are read as the numbers, booleans, lists or objects that it asks for.
   * What does not fit is answered with `api.assert.invalid_argument` (400).
   */
  input?: I
  /** What the action answers. The client gets what the schema makes of it; what does not fit is the plugin's fault (500). */
  output?: O
}

/** What `@Action` takes. */
export interface ActionOptions<I extends StandardSchemaV1 = Unchecked, O extends StandardSchemaV1 = Unchecked> extends RouteOptions<I, O> {
  /** The action's public name; the method's own when absent. */
  name?: string
}

/**
 * Makes a class answer requests. Each method marked with {@link Action},
 * {@link Get}, {@link Post} … is reached as `<plugin>/<name>:<method>` over
 * every transport, and over HTTP under `/_plugin/<plugin>/<name>` and
 * `/_/<plugin>/<name>`.
 *
 * @param name - The controller's name within the plugin: letters, digits, dashes and underscores.
 * @throws TypeError when it decorates anything but a class.
 *
 * @example
 * @Controller('hello')
 * export class HelloController {
 *   @Get('/:name')
 *   sayHello(request: Request) { return `Hello ${request.getString('name')}` }
 * }
 */
export function Controller(name: string, options: ControllerOptions = {}): (target: Class) => void {
  if (typeof name === 'function') throw misused('@Controller', name, '@Controller(\'orders\')')
  return (target, member?: unknown) => {
    assertClass(`@Controller('${name}')`, target, member)
    marksOf(target).controller = { ...options, name }
  }
}

type ActionDecorator<I extends StandardSchemaV1, O extends StandardSchemaV1> =
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- an action may narrow its request's body
  <T extends (request: Request<any>, input: InferOutput<I>, ...rest: any[]) => InferInput<O> | Promise<InferInput<O>>>(
    target: object, key: string, descriptor: TypedPropertyDescriptor<T>) => void

type RouteDecorator = <I extends StandardSchemaV1 = Unchecked, O extends StandardSchemaV1 = Unchecked>(
  path?: string, options?: RouteOptions<I, O>) => ActionDecorator<I, O>

/**
 * Makes a method an action: it gets the {@link Request}, and what it returns
 * (or resolves to) is the result. It has no URL of its own; add {@link Get},
 * {@link Post} … for one, or call it over WebSocket or `POST /_query`.
 *
 * @throws TypeError when it decorates anything but a method, or is given no options.
 *
 * @example
 * @Action({ input: z.object({ name: z.string().min(2) }) })
 * greet(_request: Request, { name }: { name: string }) { return `Hello ${name}` }
 */
export function Action<I extends StandardSchemaV1 = Unchecked, O extends StandardSchemaV1 = Unchecked>(
  given: ActionOptions<I, O> = {},
): ActionDecorator<I, O> {
  if (typeof given !== 'object' || Object.hasOwn(given, 'constructor')) throw misused('@Action', given, '@Action() or @Action({ name: \'sayHello\' })')
  const { name, ...options } = given
  return (target, key, descriptor) => {
    Object.assign(actionMark('@Action', { target, key, descriptor }), { name: name ?? key, ...options })
  }
}

/** Makes a method an action that answers `GET path`; `:name` in the path becomes an argument. May be repeated. */
export const Get = route('Get')
/** Makes a method an action that answers `POST path`. */
export const Post = route('Post')
/** Makes a method an action that answers `PUT path`. */
export const Put = route('Put')
/** Makes a method an action that answers `PATCH path`. */
export const Patch = route('Patch')
/** Makes a method an action that answers `DELETE path`. */
export const Delete = route('Delete')
/** Makes a method an action that answers `HEAD path`. */
export const Head = route('Head')

function route(name: Capitalize<Lowercase<Verb>>): RouteDecorator {
  return (path = '', options = {}) => {
    if (typeof path !== 'string') throw misused(`@${name}`, path, `@${name}('/:id')`)
    return (target, key, descriptor) => {
      const mark = Object.assign(actionMark(`@${name}('${path}')`, { target, key, descriptor }), options)
      // Decorators run bottom up: the route written first comes first.
      mark.routes.unshift({ verb: name.toUpperCase() as Verb, path })
    }
  }
}

function actionMark(decorator: string, decorated: DecoratedMethod): ActionMark {
  assertMethod(decorator, decorated)
  const { target, key: method } = decorated
  const { actions } = marksOf(target.constructor)
  const known = actions.find((action) => action.method === method)
  if (known) return known
  const mark: ActionMark = { method, name: method, routes: [] }
  actions.push(mark)
  return mark
}
