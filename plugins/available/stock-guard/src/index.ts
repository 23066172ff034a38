import { Api, ApiError, Config, defineErrors, Pipe, Plugin, type Request } from '@mortise/sdk'
import { z } from 'zod'

const settings = z.object({
  index: z.string().default('shop'),
  orders: z.string().default('orders'),
  stock: z.string().default('stock'),
})

interface Stock { quantity: number }

export const errors = defineErrors('stock-guard', {
  out_of_stock: {
    code: 1,
    class: 'PreconditionError',
    message: (product: string, left: number) => `There are only ${left} of "${product}" left.`,
  },
  invalid_order: {
    code: 2,
    class: 'BadRequestError',
    message: (field: string, expected: string) => `An order needs "${field}": ${expected}.`,
  },
})

/** Compares the `quantity` of a new order with the stock document of its `product`. */
@Plugin({ name: 'stock-guard', host: '^0.1.0', config: settings })
export default class StockGuard {
  constructor(private readonly api: Api, private readonly config: Config<z.output<typeof settings>>) {}

  @Pipe('document:beforeCreate')
  async check(request: Request) {
    const { index, orders } = this.config.values
    if (request.getIndex() !== index || request.getCollection() !== orders) return request
    const { product, quantity } = request.getBody()
    if (typeof product !== 'string' || product === '') throw errors.invalid_order('product', 'the id of a stock document')
    if (!Number.isInteger(quantity) || quantity < 1) throw errors.invalid_order('quantity', 'a whole number above 0')
    const left = await this.left(product)
    if (quantity > left) throw errors.out_of_stock(product, left)
    return request
  }

  /** How many of a product there are; none of a product that nobody has stocked. */
  private async left(product: string): Promise<number> {
    const { index, stock } = this.config.values
    try {
      const { _source } = await this.api.document.get<Stock>(index, stock, product)
      return _source.quantity
    } catch (error) {
      if (ApiError.is(error) && error.status === 404) return 0
      throw error
    }
  }
}
