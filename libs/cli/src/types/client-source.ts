/** The client that `mortise types` writes beside the types. It needs nothing but a way to send a request. */
export const clientSource = `// Written by \`mortise types\`; write it anew when plugins have changed.
import type { MortiseActions } from './mortise-actions.js'

/** What carries requests: \`kuzzle-sdk\`'s client, or anything else with such a method. */
export interface Transport {
  query(request: { controller: string; action: string; [argument: string]: unknown }): Promise<{ result: unknown }>
}

export type ActionName = keyof MortiseActions

/** What an action takes; it may be left away where nothing of it is required. */
type Input<A extends ActionName> = {} extends MortiseActions[A]['input'] ? [input?: MortiseActions[A]['input']] : [input: MortiseActions[A]['input']]

/**
 * Calls the actions of plugins, each with its own types.
 *
 * @example
 * const { _id } = await new MortiseClient(kuzzle).call('checkout/payment:pay', { body: { order: 'o1', amount: 3 } })
 */
export class MortiseClient {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** @throws what the transport rejects with: the error that the host answered. */
  async call<A extends ActionName>(name: A, ...[input]: Input<A>): Promise<MortiseActions[A]['output']> {
    const mark = name.lastIndexOf(':')
    const { result } = await this.#transport.query({ ...(input as object | undefined), controller: name.slice(0, mark), action: name.slice(mark + 1) })
    return result as MortiseActions[A]['output']
  }
}
`
