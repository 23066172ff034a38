import { Config, ExternalServiceError, Injectable, Secrets } from '@mortise/sdk'
import { z } from 'zod'

export const paymentSettings = z.object({
  url: z.url().default('http://localhost:9090/charges'),
  timeout: z.number().int().positive().default(3000),
})

/** What is to be paid; `amount` in the currency's smallest unit. */
export interface Charge {
  order: string
  amount: number
  currency: string
}

/** A payment as it is kept. `paidAt` in milliseconds since the epoch. */
export interface Payment extends Charge {
  paidAt: number
}

/** What the payment service says. */
export type Receipt = { accepted: true; id: string } | { accepted: false; reason: string }

/** Talks to the payment service over HTTP. The key is a secret: `MORTISE_SECRETS__CHECKOUT__KEY`. */
@Injectable()
export class PaymentService {
  constructor(private readonly config: Config<z.output<typeof paymentSettings>>, private readonly secrets: Secrets) {}

  /** @throws ExternalServiceError when the service cannot be reached or answers nonsense. */
  async charge(charge: Charge): Promise<Receipt> {
    const { url, timeout } = this.config.values
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...this.authorization() },
        body: JSON.stringify(charge),
        signal: AbortSignal.timeout(timeout),
      })
      return receiptFrom(answer.status, await answer.json())
    } catch (error) {
      throw new ExternalServiceError(`The payment service gave no usable answer: ${(error as Error).message}`)
    }
  }

  private authorization(): Record<string, string> {
    return this.secrets.has('key') ? { authorization: `Bearer ${this.secrets.get('key')}` } : {}
  }
}

const answers = z.object({ id: z.string().min(1).optional(), reason: z.string().optional() })

function receiptFrom(status: number, body: unknown): Receipt {
  const { id, reason } = answers.parse(body)
  if (status === 402) return { accepted: false, reason: reason ?? 'no reason given' }
  if (status >= 300 || id === undefined) throw new Error(`status ${status}`)
  return { accepted: true, id }
}
