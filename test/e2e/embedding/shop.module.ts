/**
 * A shop's own Nest application, with the host inside it.
 *
 * - Its controllers stay what they are: their routes win over the host's, and
 *   Nest parses their bodies.
 * - `OrdersController` is put under the host's rights and pipes by a guard and
 *   an interceptor, so that plugins have their say about orders, too.
 * - Everything else on the port belongs to the host: its own actions and those
 *   of its plugins, over HTTP and WebSocket.
 */
import { Body, Controller, Get, Injectable, Module, Param, Post, UseGuards, UseInterceptors, type DynamicModule } from '@nestjs/common'
import { Controller as Actions, Get as Route, Pipe, Plugin, PreconditionError, type Request } from '@mortise/sdk'
import { AccessGuard, MortiseModule, PipesInterceptor, type MortiseOptions } from '../../../src/index.js'

/** The shop's own controller is one more whose events can be listened to. */
declare module '@mortise/sdk' {
  interface Actions {
    orders: 'create' | 'find'
  }
}

/** A plugin given by code, reached as any other: `GET /_/prices/prices/apple`. */
@Actions('prices')
export class PricesController {
  @Route('/:product')
  tell(request: Request) {
    return { product: request.getString('product'), price: 3 }
  }
}

/** It listens to the shop's own controller as it would to the host's. */
@Plugin({ name: 'prices', controllers: [PricesController] })
export class Prices {
  /** Puts the price into each order, and refuses what nobody can pay. */
  @Pipe('orders:beforeCreate')
  price(request: Request) {
    const { quantity } = request.getBody() as { quantity: number }
    if (quantity > 100) throw new PreconditionError('Nobody can pay for so many.')
    request.input.body.total = quantity * 3
    return request
  }

  /** Signs whatever the shop answers about an order. */
  @Pipe('orders:afterFind')
  sign(request: Request) {
    request.setResult({ ...request.result as object, signed: true })
    return request
  }
}

interface Order { product: string; quantity: number; total?: number }

/** An ordinary Nest provider. */
@Injectable()
export class Orders {
  readonly #orders: Order[] = []

  add(order: Order): { id: number; order: Order } {
    return { id: this.#orders.push(order) - 1, order }
  }

  find(id: number): Order | undefined {
    return this.#orders[id]
  }
}

/** An ordinary Nest controller; roles of the host call its actions `orders:create` and `orders:find`. */
@Controller('orders')
@UseGuards(AccessGuard)
@UseInterceptors(PipesInterceptor)
export class OrdersController {
  constructor(private readonly orders: Orders) {}

  @Post()
  create(@Body() order: Order) {
    return this.orders.add(order)
  }

  @Get(':id')
  find(@Param('id') id: string) {
    return this.orders.find(Number(id)) ?? {}
  }
}

/** Routes that the host has, too: the application's win. The rest of the file knows nothing of the host. */
@Controller()
export class FrontController {
  @Get()
  welcome() {
    return 'Welcome to the shop'
  }

  @Get('_now')
  clock() {
    return { shop: 'is open' }
  }

  @Post('echo')
  echo(@Body() body: unknown) {
    return { body }
  }
}

@Module({})
export class ShopModule {
  static with(options: MortiseOptions): DynamicModule {
    return {
      module: ShopModule,
      imports: [MortiseModule.forRoot({ ...options, plugins: [Prices, ...options.plugins ?? []] })],
      controllers: [FrontController, OrdersController],
      providers: [Orders],
    }
  }
}
