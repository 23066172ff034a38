import { Controller, defineErrors, Get, Plugin, PluginStore, Post, type Repository, type Request } from '@mortise/sdk'
import { z } from 'zod'
import { PaymentService, paymentSettings, type Payment } from './payment-service.js'

export const errors = defineErrors('checkout', {
  payment_refused: {
    code: 1,
    class: 'PreconditionError',
    message: (reason: string) => `The payment was refused: ${reason}.`,
  },
  unknown_payment: {
    code: 2,
    class: 'NotFoundError',
    message: (id: string) => `There is no payment "${id}".`,
  },
})

const charge = z.object({
  body: z.object({
    order: z.string().min(1),
    amount: z.int().positive().describe('In the smallest unit of the currency'),
    currency: z.string().length(3).default('EUR'),
  }),
})
const payment = z.object({ _id: z.string(), order: z.string(), amount: z.int(), currency: z.string(), paidAt: z.int().describe('Milliseconds since the epoch') })
const reference = z.object({ id: z.string() })

@Controller('payment')
export class PaymentController {
  private readonly payments: Repository<Payment>

  constructor(private readonly service: PaymentService, store: PluginStore) {
    this.payments = store.repository<Payment>('payments')
  }

  /** `POST /_/checkout/payment` with `{ order, amount, currency }`: charges, records, and answers the recorded payment. */
  @Post('', { summary: 'Charges an order and records the payment.', input: charge, output: payment })
  async pay(_request: Request, { body: { order, amount, currency } }: z.output<typeof charge>) {
    const receipt = await this.service.charge({ order, amount, currency })
    if (!receipt.accepted) throw errors.payment_refused(receipt.reason)
    return this.payments.create({ _id: receipt.id, order, amount, currency, paidAt: Date.now() })
  }

  /** `GET /_/checkout/payment/:id`. */
  @Get('/:id', { summary: 'Finds a payment.', input: reference, output: payment })
  async find(_request: Request, { id }: z.output<typeof reference>) {
    const found = await this.payments.get(id)
    if (!found) throw errors.unknown_payment(id)
    return found
  }
}

declare module '@mortise/sdk' {
  interface Actions {
    'checkout/payment': 'pay' | 'find'
  }
}

@Plugin({ name: 'checkout', host: '^0.1.0', config: paymentSettings, controllers: [PaymentController], providers: [PaymentService] })
export default class Checkout {}
