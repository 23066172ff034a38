import { SetMetadata, type CustomDecorator, type ExecutionContext } from '@nestjs/common'

const NAME = Symbol.for('mortise.action-name')

/** How a handler of an ordinary Nest controller is called in roles and events. */
export interface ActionName {
  readonly controller: string
  readonly action: string
}

/**
 * Names a Nest controller, or one of its handlers, for roles and events of
 * the host. Without it `OrdersController.list` is `orders:list`.
 *
 * @example
 * @ActsAs('shop/orders')
 * @Controller('orders')
 * export class OrdersController {}
 */
export const ActsAs = (name: string): CustomDecorator<symbol> => SetMetadata(NAME, name)

/** The names that rights are checked on and events are made of. */
export const actionOf = (context: ExecutionContext): ActionName => nameAction(context.getClass(), context.getHandler())

/** The same, of a class and its method. */
export function nameAction(type: { name: string }, handler: { name: string }): ActionName {
  return {
    controller: (Reflect.getMetadata(NAME, type) as string | undefined) ?? lowerFirst(type.name.replace(/Controller$/, '')),
    action: (Reflect.getMetadata(NAME, handler) as string | undefined) ?? handler.name,
  }
}

/** The event before or after an action. */
export const eventOf = ({ controller, action }: ActionName, time: 'before' | 'after'): string =>
  `${controller}:${time}${action.charAt(0).toUpperCase()}${action.slice(1)}`

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)
