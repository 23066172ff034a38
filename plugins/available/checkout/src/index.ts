import { Controller, defineErrors, Get, Plugin, PluginStore, Post, type Repository, type Request } from '@mortise/sdk'
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

@Controller('payment')
export class PaymentController {
  private readonly payments: Repository<Payment>

  constructor(private readonly service: PaymentService, store: PluginStore) {
    this.payments = store.repository<Payment>('payments')
  }

  /** `POST /_/checkout/payment` with `{ order, amount, currency }`: charges, records, and answers the recorded payment. */
  @Post()
  async pay(request: Request) {
    const order = request.getBodyString('order')
    const amount = request.getBodyInteger('amount')
    const currency = request.getBodyString('currency', 'EUR')
    const receipt = await this.service.charge({ order, amount, currency })
    if (!receipt.accepted) throw errors.payment_refused(receipt.reason)
    return this.payments.create({ _id: receipt.id, order, amount, currency, paidAt: Date.now() })
  }

  /** `GET /_/checkout/payment/:id`. */
  @Get('/:id')
  async find(request: Request) {
    const id = request.getString('id')
    const payment = await this.payments.get(id)
    if (!payment) throw errors.unknown_payment(id)
    return payment
  }
}

declare module '@mortise/sdk' {
  interface Actions {
    'checkout/payment': 'pay' | 'find'
  }
}

@Plugin({ name: 'checkout', host: '^0.1.0', config: paymentSettings, controllers: [PaymentController], providers: [PaymentService] })
export default class Checkout {}
